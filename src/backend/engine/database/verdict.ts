import { compareNumbers, releaseOf, type ServerVersion } from './version.ts'

/**
 * The reason why a server must not start on data, phrased to follow "which"; undefined if it may start, or if that is unknown.
 * Sources: postgresql.org/docs, "Upgrading a PostgreSQL Cluster"; MySQL Reference Manual, "Upgrade Paths", "Downgrade Validation";
 * mariadb.com/docs, "Downgrading between Major Versions of MariaDB", "Upgrading from MySQL to MariaDB".
 */
export function whyNot(data: ServerVersion, image: ServerVersion): string | undefined {
  if (data.product !== image.product) return ofOthers(data, image)
  const order = compareNumbers(releaseOf(data), releaseOf(image))
  switch (image.product) {
    case 'PostgreSQL':
      return order === 0 ? undefined : 'only reads data of its own major version'
    case 'MySQL':
      return order > 0 ? 'does not go back to data of a later release' : skippedByMysql(data, image)
    case 'MariaDB':
      return order > 0 ? 'does not go back to data of a later major version' : undefined
  }
}

/** MariaDB can take over MySQL data up to 5.7; MySQL can never take over MariaDB data. */
function ofOthers(data: ServerVersion, image: ServerVersion): string | undefined {
  const [first = 0] = data.numbers
  const [target = 0] = image.numbers
  if (data.product === 'MySQL' && image.product === 'MariaDB')
    return first >= 8 ? 'only reads data of MySQL up to 5.7' : undefined
  if (data.product === 'MariaDB' && image.product === 'MySQL')
    return first >= 10 && target >= 8 ? 'does not read data of MariaDB' : undefined
  return undefined
}

/** The last release of each major version, the only one that can be upgraded to the next; calendar versions start with 26. */
const LAST_OF: Record<number, [number, number]> = { 5: [5, 7], 8: [8, 4], 9: [9, 7] }
const NEXT: Record<number, number> = { 5: 8, 8: 9, 9: 26 }
const CALENDAR = 26

function skippedByMysql(data: ServerVersion, image: ServerVersion): string | undefined {
  const [from = 0, fromMinor] = data.numbers
  const [to = 0, toMinor] = image.numbers
  const last = LAST_OF[from]
  const isKnown = fromMinor !== undefined && to !== from && last !== undefined
  if (!isKnown) return undefined
  const steps = `can only be upgraded to from MySQL ${beforeIt(to)}`
  const enters = NEXT[from] === to || (from === 9 && to >= CALENDAR)
  if (!enters || compareNumbers([from, fromMinor], last) < 0) return steps
  // 5.7 can be upgraded to 8.0 only.
  return from === 5 && toMinor !== undefined && toMinor > 0 ? 'can only be upgraded to from MySQL 8.0' : undefined
}

function beforeIt(to: number): string {
  const from = Object.keys(NEXT).find((each) => NEXT[Number(each)] === Math.min(to, CALENDAR))
  return (LAST_OF[Number(from)] ?? [to]).join('.')
}
