import type { FamilyName } from './family.ts'
import { type Product, type ServerVersion, versionIn } from './version.ts'

interface Row {
  product: Product
  /** The value may contain more than the version, which is the first group. */
  pattern: RegExp
}

const ANY = /^(.+)$/

/** Variables in which images record the server version, in the order in which they are checked. */
const VARIABLES: Record<FamilyName, readonly (Row & { name: string })[]> = {
  postgresql: [
    { name: 'PG_MAJOR', product: 'PostgreSQL', pattern: /^(\d+(?:\.\d+)?)$/ },
    { name: 'PG_VERSION', product: 'PostgreSQL', pattern: ANY },
    { name: 'PATH', product: 'PostgreSQL', pattern: /\/usr\/(?:lib\/postgresql\/|pgsql-)(\d+(?:\.\d+)?)\/bin(?:$|:)/ },
  ],
  mysql: [
    { name: 'MARIADB_VERSION', product: 'MariaDB', pattern: ANY },
    { name: 'MARIADB_MAJOR', product: 'MariaDB', pattern: ANY },
    { name: 'PS_VERSION', product: 'MySQL', pattern: ANY },
    { name: 'MYSQL_VERSION', product: 'MySQL', pattern: ANY },
    { name: 'MYSQL_MAJOR', product: 'MySQL', pattern: ANY },
  ],
}

/** Bitnami's images record the program and its version in variables that all of them share. */
const PRODUCTS: Record<string, Product> = {
  postgresql: 'PostgreSQL',
  'postgresql-repmgr': 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
}

/** An image that upgrades data itself accepts any version. */
const UPGRADES = ['PGTARGET']

/** The server version in the image's own variables; `unclear` means that no other source should be tried. */
export function versionInVariables(
  family: FamilyName,
  env: Readonly<Record<string, string>>,
): ServerVersion | 'unclear' | undefined {
  if (UPGRADES.some((name) => name in env)) return 'unclear'
  const product = PRODUCTS[env.BITNAMI_APP_NAME ?? '']
  if (product && env.APP_VERSION) return versionIn(product, env.APP_VERSION)
  for (const { name, product, pattern } of VARIABLES[family]) {
    const text = pattern.exec(env[name] ?? '')?.[1]
    const version = text === undefined ? undefined : versionIn(product, text)
    if (version) return version
  }
  return undefined
}

/** Package lists of dpkg and apk, each a small file with paragraphs of `key<separator>value` lines. */
export const PACKAGE_LISTS = [
  { path: '/var/lib/dpkg/status', name: /^Package: (.+)$/m, version: /^Version: (.+)$/m },
  { path: '/lib/apk/db/installed', name: /^P:(.+)$/m, version: /^V:(.+)$/m },
] as const

/** Server packages. PostgreSQL's contain the version in their name. */
const PACKAGES: Record<FamilyName, readonly Row[]> = {
  postgresql: [{ product: 'PostgreSQL', pattern: /^postgresql-?(\d+(?:\.\d+)?)$/ }],
  mysql: [
    { product: 'MariaDB', pattern: /^(?:mariadb-server(?:-core)?(?:-[\d.]+)?|mariadb)$/ },
    { product: 'MySQL', pattern: /^(?:mysql-server(?:-core)?(?:-[\d.]+)?|mysql-community-server(?:-core)?)$/ },
    { product: 'MySQL', pattern: /^percona-server-server(?:-[\d.]+)?$/ },
  ],
}

/** The server among the packages of a list; none if there are several with different versions. */
export function versionInPackages(
  family: FamilyName,
  list: (typeof PACKAGE_LISTS)[number],
  text: string,
): ServerVersion | undefined {
  const found = text.split(/\n\s*\n/).flatMap((paragraph) => serverIn(family, list, paragraph) ?? [])
  const [first, ...others] = found
  return others.every((each) => JSON.stringify(each) === JSON.stringify(first)) ? first : undefined
}

function serverIn(
  family: FamilyName,
  list: (typeof PACKAGE_LISTS)[number],
  paragraph: string,
): ServerVersion | undefined {
  const name = list.name.exec(paragraph)?.[1] ?? ''
  // dpkg still lists a removed package whose configuration files remain.
  if (/^Status: .*(config-files|not-installed)$/m.test(paragraph)) return undefined
  for (const { product, pattern } of PACKAGES[family]) {
    const match = pattern.exec(name)
    if (match) return versionIn(product, match[1] ?? list.version.exec(paragraph)?.[1] ?? '')
  }
  return undefined
}
