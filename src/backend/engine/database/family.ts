import type { Mount, Service } from '../../../stack/model.ts'

export type FamilyName = 'postgresql' | 'mysql'

/** Servers that keep their data in the same way: MySQL's family has MariaDB and Percona Server too. */
export interface Family {
  /** Directories at, above or below which their images keep the data. */
  homes: readonly string[]
  /** Matches the last part of the names of images with this server. */
  images: RegExp
  /** The variable that says where the data directory is. */
  home?: string
  /** Variables that count only while the data directory is empty; each may be given as NAME_FILE too. */
  initial: readonly string[]
  /** Programs that are the server, or that end in it. */
  programs: RegExp
}

/** Where the images' entrypoints look for scripts that fill a new data directory. */
export const SCRIPTS = '/docker-entrypoint-initdb.d'

/**
 * Sources: the Dockerfiles and entrypoints of docker-library/postgres, docker-library/mysql and MariaDB/mariadb-docker, and of the
 * images of postgis, timescaledb, percona and bitnami.
 */
export const FAMILIES: Record<FamilyName, Family> = {
  postgresql: {
    homes: ['/var/lib/postgresql', '/var/lib/pgsql', '/bitnami/postgresql', '/home/postgres/pgdata'],
    images: /postgres|postgis|timescale|pgvector/i,
    home: 'PGDATA',
    initial: [
      'POSTGRES_PASSWORD',
      'POSTGRES_USER',
      'POSTGRES_DB',
      'POSTGRESQL_PASSWORD',
      'POSTGRESQL_USERNAME',
      'POSTGRESQL_DATABASE',
    ],
    programs: /(^|\/)(postgres|[\w.-]*entrypoint[\w.-]*)$|^-/,
  },
  mysql: {
    homes: ['/var/lib/mysql', '/bitnami/mysql', '/bitnami/mariadb'],
    images: /mysql|mariadb|percona/i,
    initial: [
      'MYSQL_ROOT_PASSWORD',
      'MYSQL_PASSWORD',
      'MYSQL_USER',
      'MYSQL_DATABASE',
      'MARIADB_ROOT_PASSWORD',
      'MARIADB_PASSWORD',
      'MARIADB_USER',
      'MARIADB_DATABASE',
    ],
    programs: /(^|\/)(mysqld(_safe)?|mariadbd(-safe)?|[\w.-]*entrypoint[\w.-]*)$|^-/,
  },
}

/**
 * The database server that a service runs, as far as its declaration shows: by what is mounted where, else by its image's name. None for
 * a service that declares a command or entrypoint that is no server: it may be there to move the data.
 * @param targets where volumes or directories are mounted that it may write to
 */
export function familyOf(service: Service, targets: readonly string[]): FamilyName | undefined {
  const names = Object.keys(FAMILIES) as FamilyName[]
  const image = service.image?.replace(/[:@][^/]*$/, '').replace(/^.*\//, '') ?? ''
  const found =
    names.find((name) => targets.some((target) => holdsData(name, service, target))) ??
    (targets.length > 0 ? names.find((name) => FAMILIES[name].images.test(image)) : undefined)
  return found && runsServer(found, service) && !/upgrade/i.test(image) ? found : undefined
}

/** The volumes and directories that a service may write to. */
export function writableMounts({ volumes = [] }: Service): Mount[] {
  return volumes.filter(({ type, read_only }) => !read_only && (type === 'volume' || type === 'bind'))
}

/** Whether what is mounted there has the data directory in it, or lies in it. */
export function holdsData(name: FamilyName, { environment = {} }: Service, target: string): boolean {
  const { homes, home } = FAMILIES[name]
  const own = home && environment[home]
  return [...homes, ...(own ? [own] : [])].some((each) => isWithin(each, target) || isWithin(target, each))
}

/** Whether a path is another one or lies below it. */
export function isWithin(path: string, outer: string): boolean {
  const bare = outer.replace(/\/+$/, '')
  return path === bare || path.startsWith(`${bare}/`)
}

function runsServer(name: FamilyName, { entrypoint, command }: Service): boolean {
  const words = [entrypoint?.[0], command?.[0]].filter((word) => word !== undefined)
  return words.every((word) => FAMILIES[name].programs.test(word))
}
