/** Changes of a Durable Object's tables, in their order; each is made once, whatever version the object was made by. */

/**
 * The first change also meets objects that were made before changes were counted. Throws where a newer version has changed the
 * tables: what this one does not know it must not write to.
 */
export function applyChanges(storage: DurableObjectStorage, changes: readonly string[]): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS schema_changes (number INTEGER PRIMARY KEY)");
  const { made } = sql.exec<{ made: number }>("SELECT COUNT(*) AS made FROM schema_changes").one();
  if (made > changes.length) {
    const versions = `${made} changes, this version knows ${changes.length}`;
    throw new Error(`a newer version has changed the tables (${versions}): deploy that one again`);
  }
  for (const [i, change] of [...changes.entries()].slice(made)) {
    storage.transactionSync(() => {
      sql.exec(change);
      sql.exec("INSERT INTO schema_changes (number) VALUES (?)", i);
    });
  }
}
