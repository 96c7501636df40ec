-- `pos` changes with every change of an entry: with an index on it, each of these updates wrote to every index of the
-- table and left a dead row version in each (docs/adr/0016). A person's entries are found by the primary key, and sorted.
DROP INDEX "inbox_entry_user_id_pos_key";

-- Room in each page for the next versions of its rows: at 80, one update of twelve still went to another page.
ALTER TABLE "inbox_entry" SET (fillfactor = 50);
ALTER TABLE "conversation" SET (fillfactor = 50);
ALTER TABLE "checkpoint" SET (fillfactor = 50);
