-- as: admin
-- Whether a user signs in on the web is all that the desk may know of accounts; no password, no token.
GRANT SELECT ("userId") ON public.account TO himsog_owner;
