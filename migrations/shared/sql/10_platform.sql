-- as: admin
-- The web platform's tables, on an empty database only. Its schema is a fact about somebody else's database: every
-- name, type, default and key is as the platform has it (tests/server/test_platform.py), one column a line, and
-- ``himsog database check`` reads this file to say where a platform differs.

CREATE TYPE public."AppointmentStatus" AS ENUM ('PENDING', 'CONFIRMED', 'COMPLETED', 'CANCELLED', 'NO_SHOW');
CREATE TYPE public."DocumentVerificationStatus" AS ENUM ('PENDING', 'VERIFIED', 'REJECTED');
CREATE TYPE public."FeedbackCategory" AS ENUM ('FEATURE_REQUEST', 'BUG_REPORT', 'IMPROVEMENT', 'USER_EXPERIENCE', 'OTHER');
CREATE TYPE public."FeedbackPriority" AS ENUM ('LOW', 'MEDIUM', 'HIGH');
CREATE TYPE public."MessageStatus" AS ENUM ('SENT', 'DELIVERED', 'READ');
CREATE TYPE public."NotificationType" AS ENUM ('APPOINTMENT_CREATED', 'APPOINTMENT_CONFIRMED', 'APPOINTMENT_CANCELLED', 'APPOINTMENT_REMINDER', 'PROVIDER_VERIFIED', 'PROVIDER_REJECTED', 'REVIEW_RECEIVED', 'REVIEW_RESPONSE', 'PROVIDER_SUSPENDED', 'PROVIDER_REACTIVATED', 'ACCOUNT_SUSPENDED', 'ACCOUNT_REACTIVATED');
CREATE TYPE public."PricingModel" AS ENUM ('FIXED', 'RANGE', 'INQUIRE');
CREATE TYPE public."ProviderStatus" AS ENUM ('PENDING', 'VERIFIED', 'SUSPENDED', 'REJECTED');
CREATE TYPE public."ServiceType" AS ENUM ('SINGLE', 'PACKAGE');
CREATE TYPE public."UserRole" AS ENUM ('USER', 'ADMIN', 'PROVIDER');
CREATE TYPE public."UserStatus" AS ENUM ('ACTIVE', 'SUSPENDED', 'DELETED');

CREATE TABLE public.account (
    id text NOT NULL,
    "accountId" text NOT NULL,
    "providerId" text NOT NULL,
    "userId" text NOT NULL,
    "accessToken" text,
    "refreshToken" text,
    "idToken" text,
    "accessTokenExpiresAt" timestamp(3) without time zone,
    "refreshTokenExpiresAt" timestamp(3) without time zone,
    scope text,
    password text,
    "createdAt" timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" timestamp(3) without time zone NOT NULL,
    CONSTRAINT account_pkey PRIMARY KEY (id)
);

CREATE TABLE public.appointment_service (
    appointment_id text NOT NULL,
    service_id text NOT NULL,
    price_at_booking numeric(10,2) NOT NULL,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    CONSTRAINT appointment_service_pkey PRIMARY KEY (appointment_id, service_id)
);

CREATE TABLE public.appointments (
    id text NOT NULL,
    appointment_number text NOT NULL,
    user_id text NOT NULL,
    provider_id text NOT NULL,
    start_time timestamp(6) with time zone NOT NULL,
    end_time timestamp(6) with time zone NOT NULL,
    status public."AppointmentStatus" NOT NULL DEFAULT 'PENDING'::public."AppointmentStatus",
    notes text,
    total_price numeric(10,2) NOT NULL,
    patient_name text NOT NULL,
    patient_email text NOT NULL,
    patient_phone text,
    cancelled_at timestamp(3) without time zone,
    cancellation_reason text,
    cancelled_by text,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    activity_notes text,
    confirmation_email_sent_at timestamp(3) without time zone,
    reminder_1h_sent_at timestamp(3) without time zone,
    reminder_24h_sent_at timestamp(3) without time zone,
    CONSTRAINT appointments_pkey PRIMARY KEY (id)
);

CREATE TABLE public.audit_logs (
    id text NOT NULL,
    admin_id text NOT NULL,
    action text NOT NULL,
    target_type text NOT NULL,
    target_id text NOT NULL,
    old_value jsonb,
    new_value jsonb,
    metadata jsonb,
    ip_address text,
    user_agent text,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT audit_logs_pkey PRIMARY KEY (id)
);

CREATE TABLE public.break_times (
    id text NOT NULL,
    provider_id text NOT NULL,
    name text NOT NULL DEFAULT 'Lunch Break'::text,
    day_of_week integer NOT NULL,
    start_time text NOT NULL,
    end_time text NOT NULL,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    CONSTRAINT break_times_pkey PRIMARY KEY (id)
);

CREATE TABLE public.categories (
    id text NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    description text,
    icon text,
    color character varying(7) NOT NULL DEFAULT '#3B82F6'::character varying,
    is_active boolean NOT NULL DEFAULT true,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    CONSTRAINT categories_pkey PRIMARY KEY (id)
);

CREATE TABLE public.conversations (
    id text NOT NULL,
    user1_id text NOT NULL,
    user2_id text NOT NULL,
    last_message_at timestamp(3) without time zone,
    last_message_content text,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    CONSTRAINT conversations_pkey PRIMARY KEY (id)
);

CREATE TABLE public.documents (
    id text NOT NULL,
    provider_id text NOT NULL,
    document_type text NOT NULL,
    file_path text NOT NULL,
    verified_at timestamp(3) without time zone,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    rejection_reason text,
    verification_status public."DocumentVerificationStatus" NOT NULL DEFAULT 'PENDING'::public."DocumentVerificationStatus",
    verified_by_id text,
    CONSTRAINT documents_pkey PRIMARY KEY (id)
);

CREATE TABLE public.insurance_providers (
    id text NOT NULL,
    name text NOT NULL,
    "isActive" boolean NOT NULL DEFAULT true,
    CONSTRAINT insurance_providers_pkey PRIMARY KEY (id)
);

CREATE TABLE public.messages (
    id text NOT NULL,
    conversation_id text NOT NULL,
    sender_id text NOT NULL,
    content text NOT NULL,
    status public."MessageStatus" NOT NULL DEFAULT 'SENT'::public."MessageStatus",
    read_at timestamp(3) without time zone,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    CONSTRAINT messages_pkey PRIMARY KEY (id)
);

CREATE TABLE public.notifications (
    id text NOT NULL,
    user_id text NOT NULL,
    type public."NotificationType" NOT NULL,
    title text NOT NULL,
    message text NOT NULL,
    is_read boolean NOT NULL DEFAULT false,
    appointment_id text,
    provider_id text,
    read_at timestamp(3) without time zone,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    metadata jsonb,
    CONSTRAINT notifications_pkey PRIMARY KEY (id)
);

CREATE TABLE public.operating_hours (
    id text NOT NULL,
    provider_id text NOT NULL,
    day_of_week integer NOT NULL,
    start_time text,
    end_time text,
    is_closed boolean NOT NULL DEFAULT false,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    CONSTRAINT operating_hours_pkey PRIMARY KEY (id)
);

CREATE TABLE public.provider_status_history (
    id text NOT NULL,
    provider_id text NOT NULL,
    from_status public."ProviderStatus" NOT NULL,
    to_status public."ProviderStatus" NOT NULL,
    reason text,
    changed_by_id text NOT NULL,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT provider_status_history_pkey PRIMARY KEY (id)
);

CREATE TABLE public.providers (
    id text NOT NULL,
    user_id text NOT NULL,
    category_id text,
    verified_by text,
    healthcare_name text NOT NULL,
    description text,
    phone_number text,
    email text,
    cover_photo text,
    status public."ProviderStatus" NOT NULL DEFAULT 'PENDING'::public."ProviderStatus",
    address text NOT NULL,
    city text NOT NULL DEFAULT 'Digos'::text,
    province text NOT NULL DEFAULT 'Davao del Sur'::text,
    latitude numeric(10,8),
    longitude numeric(11,8),
    slot_duration_minutes integer NOT NULL DEFAULT 30,
    verified_at timestamp(3) without time zone,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    CONSTRAINT providers_pkey PRIMARY KEY (id)
);

CREATE TABLE public.review_likes (
    id text NOT NULL,
    review_id text NOT NULL,
    user_id text NOT NULL,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT review_likes_pkey PRIMARY KEY (id)
);

CREATE TABLE public.reviews (
    id text NOT NULL,
    appointment_id text NOT NULL,
    user_id text NOT NULL,
    provider_id text NOT NULL,
    rating smallint NOT NULL,
    comment text,
    professionalism_rating smallint,
    cleanliness_rating smallint,
    wait_time_rating smallint,
    value_rating smallint,
    provider_response text,
    responded_at timestamp(3) without time zone,
    is_edited boolean NOT NULL DEFAULT false,
    edited_at timestamp(3) without time zone,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    is_anonymous boolean NOT NULL DEFAULT false,
    CONSTRAINT reviews_pkey PRIMARY KEY (id)
);

CREATE TABLE public.service_insurances (
    service_id text NOT NULL,
    insurance_provider_id text NOT NULL,
    CONSTRAINT service_insurances_pkey PRIMARY KEY (service_id, insurance_provider_id)
);

CREATE TABLE public.service_packages (
    parent_package_id text NOT NULL,
    child_service_id text NOT NULL,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT service_packages_pkey PRIMARY KEY (parent_package_id, child_service_id)
);

CREATE TABLE public.services (
    id text NOT NULL,
    provider_id text NOT NULL,
    name text NOT NULL,
    description text,
    price_min integer NOT NULL DEFAULT 0,
    price_max integer NOT NULL DEFAULT 0,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    fixed_price integer NOT NULL DEFAULT 0,
    "pricingModel" public."PricingModel" NOT NULL DEFAULT 'FIXED'::public."PricingModel",
    type public."ServiceType" NOT NULL DEFAULT 'SINGLE'::public."ServiceType",
    CONSTRAINT services_pkey PRIMARY KEY (id)
);

CREATE TABLE public.session (
    id text NOT NULL,
    "expiresAt" timestamp(3) without time zone NOT NULL,
    token text NOT NULL,
    "createdAt" timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" timestamp(3) without time zone NOT NULL,
    "ipAddress" text,
    "userAgent" text,
    "userId" text NOT NULL,
    CONSTRAINT session_pkey PRIMARY KEY (id)
);

CREATE TABLE public.system_feedback (
    id text NOT NULL,
    user_id text NOT NULL,
    category public."FeedbackCategory" NOT NULL,
    priority public."FeedbackPriority" DEFAULT 'MEDIUM'::public."FeedbackPriority",
    title text NOT NULL,
    message text NOT NULL,
    satisfaction_rating smallint,
    admin_response text,
    responded_at timestamp(3) without time zone,
    responded_by_id text,
    is_read boolean NOT NULL DEFAULT false,
    is_resolved boolean NOT NULL DEFAULT false,
    resolved_at timestamp(3) without time zone,
    created_at timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone NOT NULL,
    CONSTRAINT system_feedback_pkey PRIMARY KEY (id)
);

CREATE TABLE public."user" (
    id text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    role public."UserRole" NOT NULL DEFAULT 'USER'::public."UserRole",
    "emailVerified" boolean NOT NULL DEFAULT false,
    image text,
    "createdAt" timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    status public."UserStatus" NOT NULL DEFAULT 'ACTIVE'::public."UserStatus",
    suspend_reason text,
    suspended_at timestamp(3) without time zone,
    suspended_by_id text,
    CONSTRAINT user_pkey PRIMARY KEY (id)
);

CREATE TABLE public.verification (
    id text NOT NULL,
    identifier text NOT NULL,
    value text NOT NULL,
    "expiresAt" timestamp(3) without time zone NOT NULL,
    "createdAt" timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT verification_pkey PRIMARY KEY (id)
);

CREATE INDEX "account_userId_idx" ON public.account ("userId");
CREATE UNIQUE INDEX appointments_appointment_number_key ON public.appointments (appointment_number);
CREATE INDEX appointments_provider_id_start_time_end_time_idx ON public.appointments (provider_id, start_time, end_time);
CREATE INDEX appointments_provider_id_status_start_time_end_time_idx ON public.appointments (provider_id, status, start_time, end_time);
CREATE INDEX appointments_user_id_created_at_idx ON public.appointments (user_id, created_at);
CREATE INDEX appointments_user_id_status_idx ON public.appointments (user_id, status);
CREATE INDEX audit_logs_action_idx ON public.audit_logs (action);
CREATE INDEX audit_logs_admin_id_idx ON public.audit_logs (admin_id);
CREATE INDEX audit_logs_created_at_idx ON public.audit_logs (created_at);
CREATE INDEX audit_logs_target_type_target_id_idx ON public.audit_logs (target_type, target_id);
CREATE INDEX break_times_provider_id_day_of_week_idx ON public.break_times (provider_id, day_of_week);
CREATE UNIQUE INDEX categories_slug_key ON public.categories (slug);
CREATE UNIQUE INDEX conversations_user1_id_user2_id_key ON public.conversations (user1_id, user2_id);
CREATE INDEX conversations_user1_id_last_message_at_idx ON public.conversations (user1_id, last_message_at);
CREATE INDEX conversations_user2_id_last_message_at_idx ON public.conversations (user2_id, last_message_at);
CREATE INDEX documents_provider_id_verification_status_idx ON public.documents (provider_id, verification_status);
CREATE UNIQUE INDEX insurance_providers_name_key ON public.insurance_providers (name);
CREATE INDEX messages_conversation_id_created_at_idx ON public.messages (conversation_id, created_at);
CREATE INDEX messages_sender_id_created_at_idx ON public.messages (sender_id, created_at);
CREATE INDEX notifications_appointment_id_idx ON public.notifications (appointment_id);
CREATE INDEX notifications_provider_id_created_at_idx ON public.notifications (provider_id, created_at);
CREATE INDEX notifications_user_id_is_read_created_at_idx ON public.notifications (user_id, is_read, created_at);
CREATE INDEX operating_hours_provider_id_day_of_week_idx ON public.operating_hours (provider_id, day_of_week);
CREATE INDEX provider_status_history_created_at_idx ON public.provider_status_history (created_at);
CREATE INDEX provider_status_history_provider_id_idx ON public.provider_status_history (provider_id);
CREATE UNIQUE INDEX providers_user_id_key ON public.providers (user_id);
CREATE INDEX providers_healthcare_name_city_province_idx ON public.providers (healthcare_name, city, province);
CREATE INDEX providers_user_id_category_id_status_idx ON public.providers (user_id, category_id, status);
CREATE UNIQUE INDEX review_likes_review_id_user_id_key ON public.review_likes (review_id, user_id);
CREATE INDEX review_likes_review_id_idx ON public.review_likes (review_id);
CREATE INDEX review_likes_user_id_idx ON public.review_likes (user_id);
CREATE UNIQUE INDEX reviews_appointment_id_key ON public.reviews (appointment_id);
CREATE INDEX reviews_provider_id_rating_created_at_idx ON public.reviews (provider_id, rating, created_at);
CREATE INDEX reviews_user_id_idx ON public.reviews (user_id);
CREATE INDEX services_price_min_price_max_idx ON public.services (price_min, price_max);
CREATE INDEX services_provider_id_name_is_active_idx ON public.services (provider_id, name, is_active);
CREATE UNIQUE INDEX session_token_key ON public.session (token);
CREATE INDEX "session_userId_expiresAt_idx" ON public.session ("userId", "expiresAt");
CREATE INDEX system_feedback_category_idx ON public.system_feedback (category);
CREATE INDEX system_feedback_created_at_idx ON public.system_feedback (created_at);
CREATE INDEX system_feedback_is_read_is_resolved_idx ON public.system_feedback (is_read, is_resolved);
CREATE INDEX system_feedback_is_resolved_created_at_idx ON public.system_feedback (is_resolved, created_at);
CREATE INDEX system_feedback_user_id_idx ON public.system_feedback (user_id);
CREATE UNIQUE INDEX user_email_key ON public."user" (email);
CREATE INDEX user_role_status_idx ON public."user" (role, status);
CREATE INDEX user_status_idx ON public."user" (status);

ALTER TABLE public.account ADD CONSTRAINT "account_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.appointment_service ADD CONSTRAINT appointment_service_appointment_id_fkey FOREIGN KEY (appointment_id)
    REFERENCES public.appointments (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.appointment_service ADD CONSTRAINT appointment_service_service_id_fkey FOREIGN KEY (service_id)
    REFERENCES public.services (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.appointments ADD CONSTRAINT appointments_cancelled_by_fkey FOREIGN KEY (cancelled_by)
    REFERENCES public."user" (id) ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE public.appointments ADD CONSTRAINT appointments_provider_id_fkey FOREIGN KEY (provider_id)
    REFERENCES public.providers (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.appointments ADD CONSTRAINT appointments_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.audit_logs ADD CONSTRAINT audit_logs_admin_id_fkey FOREIGN KEY (admin_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.break_times ADD CONSTRAINT break_times_provider_id_fkey FOREIGN KEY (provider_id)
    REFERENCES public.providers (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.conversations ADD CONSTRAINT conversations_user1_id_fkey FOREIGN KEY (user1_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.conversations ADD CONSTRAINT conversations_user2_id_fkey FOREIGN KEY (user2_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.documents ADD CONSTRAINT documents_provider_id_fkey FOREIGN KEY (provider_id)
    REFERENCES public.providers (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.documents ADD CONSTRAINT documents_verified_by_id_fkey FOREIGN KEY (verified_by_id)
    REFERENCES public."user" (id) ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE public.messages ADD CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id)
    REFERENCES public.conversations (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.messages ADD CONSTRAINT messages_sender_id_fkey FOREIGN KEY (sender_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.notifications ADD CONSTRAINT notifications_appointment_id_fkey FOREIGN KEY (appointment_id)
    REFERENCES public.appointments (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.notifications ADD CONSTRAINT notifications_provider_id_fkey FOREIGN KEY (provider_id)
    REFERENCES public.providers (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.notifications ADD CONSTRAINT notifications_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.operating_hours ADD CONSTRAINT operating_hours_provider_id_fkey FOREIGN KEY (provider_id)
    REFERENCES public.providers (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.provider_status_history ADD CONSTRAINT provider_status_history_changed_by_id_fkey FOREIGN KEY (changed_by_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.provider_status_history ADD CONSTRAINT provider_status_history_provider_id_fkey FOREIGN KEY (provider_id)
    REFERENCES public.providers (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.providers ADD CONSTRAINT providers_category_id_fkey FOREIGN KEY (category_id)
    REFERENCES public.categories (id) ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE public.providers ADD CONSTRAINT providers_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.providers ADD CONSTRAINT providers_verified_by_fkey FOREIGN KEY (verified_by)
    REFERENCES public."user" (id) ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE public.review_likes ADD CONSTRAINT review_likes_review_id_fkey FOREIGN KEY (review_id)
    REFERENCES public.reviews (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.review_likes ADD CONSTRAINT review_likes_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.reviews ADD CONSTRAINT reviews_appointment_id_fkey FOREIGN KEY (appointment_id)
    REFERENCES public.appointments (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.reviews ADD CONSTRAINT reviews_provider_id_fkey FOREIGN KEY (provider_id)
    REFERENCES public.providers (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.reviews ADD CONSTRAINT reviews_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.service_insurances ADD CONSTRAINT service_insurances_insurance_provider_id_fkey FOREIGN KEY (insurance_provider_id)
    REFERENCES public.insurance_providers (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.service_insurances ADD CONSTRAINT service_insurances_service_id_fkey FOREIGN KEY (service_id)
    REFERENCES public.services (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.service_packages ADD CONSTRAINT service_packages_child_service_id_fkey FOREIGN KEY (child_service_id)
    REFERENCES public.services (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.service_packages ADD CONSTRAINT service_packages_parent_package_id_fkey FOREIGN KEY (parent_package_id)
    REFERENCES public.services (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.services ADD CONSTRAINT services_provider_id_fkey FOREIGN KEY (provider_id)
    REFERENCES public.providers (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.session ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public.system_feedback ADD CONSTRAINT system_feedback_responded_by_id_fkey FOREIGN KEY (responded_by_id)
    REFERENCES public."user" (id) ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE public.system_feedback ADD CONSTRAINT system_feedback_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES public."user" (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE public."user" ADD CONSTRAINT user_suspended_by_id_fkey FOREIGN KEY (suspended_by_id)
    REFERENCES public."user" (id) ON DELETE SET NULL ON UPDATE CASCADE;
