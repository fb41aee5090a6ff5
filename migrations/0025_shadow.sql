-- A setting can start in shadow (design section 8): SCIM works in full, and the target side does not know its people. In
-- shadow are those of its users whose keys come after `shadow_after`, up to `shadow_until` (NULL: all who come, too); both
-- NULL: nobody is. Going live sets an end, and moves the beginning up to it in steps.
ALTER TABLE scim_settings ADD COLUMN shadow_after INTEGER;
ALTER TABLE scim_settings ADD COLUMN shadow_until INTEGER;
-- The name of its own target group where that is to be made when it goes live.
ALTER TABLE scim_settings ADD COLUMN shadow_group TEXT;
