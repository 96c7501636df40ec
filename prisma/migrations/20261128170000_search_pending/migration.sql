-- Putting a message into the index by itself costs about twice as much as together with others. So the newest wait in a
-- list of 1 MB (in kB here), which every search looks through in less than a millisecond.
ALTER INDEX IF EXISTS "search_message_tokens_idx" SET (fastupdate = on, gin_pending_list_limit = 1024);
ALTER INDEX IF EXISTS "search_message_codes_idx" SET (fastupdate = on, gin_pending_list_limit = 1024);
