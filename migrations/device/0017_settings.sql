-- Why: an organisation retires templates and sets its own visit schedule, told as facts of kinds 16 and 17. A device that
-- did not know the kinds kept them as 255, not known: from here on it knows them without being told again.
--
-- Running code survives it: values in rows that nothing read by their kind.

UPDATE facts SET kind = 16 WHERE kind = 255 AND substr(body, 1, 2) = x'8210';
UPDATE facts SET kind = 17 WHERE kind = 255 AND substr(body, 1, 2) = x'8211';
