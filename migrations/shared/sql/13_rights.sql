-- as: admin
-- What the owner of the desk's functions may do with the platform's tables: read and write the rows of a clinic.
-- No person is given any of it: people may call functions (90).
GRANT USAGE ON SCHEMA public TO himsog_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    public.appointments, public.appointment_service, public.providers, public.operating_hours, public.break_times,
    public.services, public.service_packages, public."user", public.notifications
    TO himsog_owner;
