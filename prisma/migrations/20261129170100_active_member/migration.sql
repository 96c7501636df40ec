-- Who is in a conversation now. Rows of `member` stay after leaving (docs/adr/0002), and only what tells of leaving reads
-- them; everything that asks for permission reads this, so that none can forget to ask whether somebody has left.
CREATE VIEW "active_member" AS
SELECT "conversation_id", "user_id", "role", "joined_at", "joined_seq", "joined_rev"
FROM "member" WHERE "left_rev" IS NULL;
