-- Which history of this data devices have seen: another one after each restore or move, null before the first. A device
-- that holds what another generation said drops it, since what it has may be neither true nor repairable by numbers.
ALTER TABLE "workspace" ADD COLUMN "generation" UUID;
