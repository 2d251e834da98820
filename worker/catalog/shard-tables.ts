/** A Shard's tables, as they came about: each of its parts says what its own are for. */

import { LEFTOVER_TABLES } from "./leftovers.ts";
import { SPLIT_TABLES } from "./split.ts";
import { STATISTICS_TABLES } from "./statistics.ts";
import { TARGET_TABLES } from "./target-store.ts";

/** In place of the segment of an image whose features are of former descriptors: it is not found until it has new ones. */
export const NO_FEATURES = "none";

/** Each is made once (schema.ts). */
export const SHARD_CHANGES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS images (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     identifier TEXT NOT NULL UNIQUE,
     metadata TEXT NOT NULL,
     matchratio REAL,
     level INTEGER NOT NULL,
     digest TEXT NOT NULL,
     original TEXT NOT NULL,
     width INTEGER NOT NULL,
     height INTEGER NOT NULL,
     target_width INTEGER NOT NULL,
     target_height INTEGER NOT NULL,
     features BLOB,
     segment TEXT
   );
   CREATE INDEX IF NOT EXISTS images_by_segment ON images (segment);
   CREATE TABLE IF NOT EXISTS segments (name TEXT PRIMARY KEY) WITHOUT ROWID;
   CREATE TABLE IF NOT EXISTS removed (identifier TEXT PRIMARY KEY) WITHOUT ROWID;
   ${STATISTICS_TABLES}`,
  // Features stay in rows of their own, whether they are in a segment or not; those that are only there are read anew.
  `${TARGET_TABLES}
   INSERT INTO targets SELECT id, target_width, target_height, features FROM images WHERE features IS NOT NULL;
   ALTER TABLE images DROP COLUMN features;
   ALTER TABLE images DROP COLUMN target_width;
   ALTER TABLE images DROP COLUMN target_height;`,
  SPLIT_TABLES,
  LEFTOVER_TABLES,
  // Features of the descriptors before the present ones tell nothing any more: ReindexImages extracts them anew.
  `DROP TABLE targets;
   DROP TABLE pages;
   DROP TABLE gone;
   DROP TABLE paging;
   ${TARGET_TABLES}
   DELETE FROM segments;
   UPDATE images SET segment = '${NO_FEATURES}';`,
  // Pages have had other blocks; they are written anew from the targets.
  `DELETE FROM pages;
   DELETE FROM gone;
   UPDATE paging SET paged = 0, last = 0, word = 0;`,
];
