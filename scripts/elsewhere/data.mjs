// Data of the laboratory that no seed script makes, and what shows that they are the same elsewhere.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Characters of several scripts, bytes that are no text, missing values, large numbers. */
const MYSQL = `
CREATE TABLE measured (id INT PRIMARY KEY, label VARCHAR(60) CHARACTER SET utf8mb4, raw VARBINARY(64), amount DECIMAL(30,10), seen DATETIME(6));
INSERT INTO measured VALUES (1, 'Ångström 🔬', X'00FF2700', 12345678901234567890.0123456789, '2026-02-03 04:05:06.789012'), (2, NULL, NULL, NULL, NULL);
UPDATE countries SET population = population + 1 WHERE iso_a3 = 'ISL';
`
const POSTGRES = `
CREATE TABLE measured (id serial PRIMARY KEY, label text, raw bytea, amounts numeric[], seen timestamptz, place geometry(Point, 4326));
INSERT INTO measured (label, raw, amounts, seen, place) VALUES
  ('Ångström 🔬', '\\x00ff27', '{1.5,NULL,1e-30}', '2026-02-03 04:05:06.789012+00', ST_SetSRID(ST_Point(13.4, 52.5), 4326)), (NULL, NULL, NULL, NULL, NULL);
INSERT INTO measured (label) SELECT repeat(md5(i::text), 10) FROM generate_series(1, 20000) AS i;
`
const NOTE = 'work/note.txt'

const mysql = (sql) => ['mysql', 'exec mysql -h 127.0.0.1 -u lab -p"$MYSQL_PASSWORD" -N lab', sql]
const postgres = (sql) => [
  'postgis',
  'PGPASSWORD=$POSTGRES_PASSWORD exec psql -h 127.0.0.1 -U lab -d lab -v ON_ERROR_STOP=1 -At',
  sql,
]

/** @param run runs a shell line in a service, with the text as its input; resolves to its output */
export async function change(run, folder) {
  await run(...mysql(MYSQL))
  await run(...postgres(POSTGRES))
  mkdirSync(join(folder, 'work'), { recursive: true })
  writeFileSync(join(folder, NOTE), 'What was measured on this machine.\n')
}

/** Resolves to a checksum by table or file. */
export async function checksums(run, folder) {
  const found = {}
  for (const table of lines(await run(...mysql('SHOW TABLES'))))
    found[`mysql ${table}`] = lines(await run(...mysql(`CHECKSUM TABLE ${table} EXTENDED`)))[0]?.split('\t')[1]
  const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
  for (const table of lines(await run(...postgres(tables))))
    found[`postgis ${table}`] = lines(await run(...postgres(rowsHash(table))))[0]
  found[NOTE] = createHash('md5')
    .update(readFileSync(join(folder, NOTE)))
    .digest('hex')
  return found
}

function rowsHash(table) {
  return `SELECT count(*) || ' ' || md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C")) FROM ${table} AS t`
}

const lines = (text) => text.split('\n').filter((line) => line !== '' && !line.startsWith('mysql: [Warning]'))
