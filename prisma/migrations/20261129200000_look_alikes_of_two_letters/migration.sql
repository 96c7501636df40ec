-- Two letters may look like one (vv and w, cl and d): how the names look is found out again.
UPDATE "user" SET "skeletons" = NULL;
