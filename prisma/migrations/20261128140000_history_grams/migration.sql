-- When the message was sent, which is the order in which message history is read.
ALTER TABLE "message_version" ADD COLUMN     "sent_at" TIMESTAMPTZ(3);
UPDATE "message_version" v SET "sent_at" = m."created_at" FROM "message" m
WHERE m."conversation_id" = v."conversation_id" AND m."seq" = v."seq";
ALTER TABLE "message_version" ALTER COLUMN "sent_at" SET NOT NULL;

-- CreateIndex
CREATE INDEX "message_version_sent_at_conversation_id_seq_idx" ON "message_version"("sent_at", "conversation_id", "seq");

-- Any two adjacent characters of a text, folded as `fold` of packages/search does (what differs only in case, accents or
-- width becomes the same): whatever word, code or run of ideographs stands in it, all of its pairs do. In one function,
-- as an index is built with nothing but pg_catalog in the search path.
CREATE FUNCTION history_grams(body text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT c || d), '{}') FROM (
    SELECT c, lead(c) OVER (ORDER BY n) AS d
    FROM (
      SELECT CASE WHEN octet_length(body) = char_length(body) THEN lower(body COLLATE pg_c_utf8)
      ELSE replace(replace(lower(regexp_replace(
          normalize(lower(body COLLATE pg_c_utf8), NFKD),
          '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\ufe00-\ufe0f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]',
          '', 'g') COLLATE pg_c_utf8), 'ß', 'ss'), 'ς', 'σ')
      END AS folded
    ) f,
    -- Composed again, and as it is: a run of kana ends before a sign that stands apart.
    string_to_table(CASE WHEN octet_length(body) = char_length(body) THEN folded
      ELSE normalize(folded, NFC) || ' ' || folded END, NULL) WITH ORDINALITY t(c, n)
  ) p WHERE c > ' ' COLLATE "C" AND d > ' ' COLLATE "C"
$$;

CREATE INDEX "message_version_grams_idx" ON "message_version" USING GIN (history_grams("body")) WITH (fastupdate = off);
