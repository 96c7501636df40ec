-- A row that belongs to no message: whoever empties the index takes it away as well, and is noticed by that.
INSERT INTO "search_message" ("conversation_id", "seq", "rev", "sender_id", "at", "tokens")
VALUES ('00000000-0000-0000-0000-000000000000', 0, 0, '00000000-0000-0000-0000-000000000000', 'epoch', '');
