"""Per table its columns in order, and the places of those that are its key.

Made from ``schema`` by ``python -m himsog_desktop.storage.tables``, and held to it by
``tests/storage/test_shapes.py``: change the schema, then make this anew.
"""

from __future__ import annotations

SHAPES: dict[str, tuple[str, tuple[int, ...]]] = {
    "act": (
        "seq id request_id request_hash kind at by_id state undo_of undone_by exit_code answer",
        (0,),
    ),
    "appointment_desk": (
        "appointment_id clinic_id location type lane overbook_reason source external_system external_id "
        "outcome_missing cancelled_for",
        (0,),
    ),
    "appointment_rooms": (
        "appointment_id room_id",
        (0, 1),
    ),
    "appointment_service": (
        "appointment_id service_id price_at_booking created_at updated_at",
        (0, 1),
    ),
    "appointments": (
        "id appointment_number user_id provider_id start_time end_time status notes total_price patient_name "
        "patient_email patient_phone cancelled_at cancellation_reason cancelled_by created_at updated_at "
        "activity_notes confirmation_email_sent_at reminder_1h_sent_at reminder_24h_sent_at",
        (0,),
    ),
    "base": (
        "entity_type entity_id image",
        (0, 1),
    ),
    "blocks": (
        "id provider_id start_time end_time title all_day external_system external_id created_at updated_at",
        (0,),
    ),
    "break_times": (
        "id provider_id name day_of_week start_time end_time created_at updated_at",
        (0,),
    ),
    "card": (
        "id body resolved",
        (0,),
    ),
    "catalogue": (
        "id name",
        (0,),
    ),
    "change_log": (
        "seq changes",
        (0,),
    ),
    "clinic_providers": (
        "provider_id clinic_id position",
        (0, 1),
    ),
    "clinics": (
        "id name timezone currency key",
        (0,),
    ),
    "departed": (
        "entity_type entity_id ver",
        (0, 1),
    ),
    "drafts": (
        "key body at",
        (0,),
    ),
    "history": (
        "seq at by_id source device act_id kind entity_type entity_id before after uid",
        (0,),
    ),
    "hours_desk": (
        "hours_id provider_id clinic_id",
        (0,),
    ),
    "meta": (
        "key value",
        (0,),
    ),
    "notice": (
        "appointment_id act_id kind due told_start told_provider told_status",
        (0,),
    ),
    "operating_hours": (
        "id provider_id day_of_week start_time end_time is_closed created_at updated_at",
        (0,),
    ),
    "outbox": (
        "seq intent_id act_id kind version entity_type entity_id patch author device at state reason sent "
        "supersedes needs settled_at",
        (0,),
    ),
    "overrides": (
        "id provider_id date available start_time end_time kind reason",
        (0,),
    ),
    "patient_clinic": (
        "patient_id clinic_id favorite blocked notes",
        (0, 1),
    ),
    "patient_word": (
        "seq patient_id",
        (0,),
    ),
    "patients": (
        "user_id phone birth_date sex address consent_email consent_sms consent_push consent_whatsapp alerts "
        "external_system external_id corrected_name corrected_email created_at updated_at",
        (0,),
    ),
    "provider_desk": (
        "provider_id specialty key position notice_minutes cancel_hours auto_confirm max_per_day "
        "buffer_before buffer_after overbook_lanes",
        (0,),
    ),
    "providers": (
        "id user_id category_id verified_by healthcare_name description phone_number email cover_photo "
        "status address city province latitude longitude slot_duration_minutes verified_at created_at "
        "updated_at",
        (0,),
    ),
    "rooms": (
        "id clinic_id name kind key position",
        (0,),
    ),
    "service_desk": (
        "service_id provider_id duration_minutes buffer_before buffer_after max_per_day catalogue_id key",
        (0,),
    ),
    "service_packages": (
        "parent_package_id child_service_id created_at",
        (0, 1),
    ),
    "services": (
        "id provider_id name description price_min price_max is_active created_at updated_at fixed_price "
        "pricingModel type",
        (0,),
    ),
    "session": (
        "login staff_id name role secret",
        (0,),
    ),
    "staff": (
        "id login name role clinic_id email active",
        (0,),
    ),
    "staging": (
        "seq kind body",
        (0,),
    ),
    "synced": (
        "entity_type entity_id ver",
        (0, 1),
    ),
    "tile": (
        "start id end provider_id status patient_id name phone services note visit visit_since location lane flags",
        (0, 1),
    ),
    "tombstones": (
        "entity_type entity_id at",
        (0, 1),
    ),
    "user": (
        "id name email role emailVerified image createdAt updatedAt status suspend_reason suspended_at suspended_by_id",
        (0,),
    ),
    "visit": (
        "appointment_id state arrived_at in_room_at with_provider_at checked_out_at",
        (0,),
    ),
}
