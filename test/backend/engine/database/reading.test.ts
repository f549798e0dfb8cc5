import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { placesOfData, placesOfOlderData } from '../../../../src/backend/engine/database/data-version.ts'
import { type FamilyName, familyOf } from '../../../../src/backend/engine/database/family.ts'
import {
  PACKAGE_LISTS,
  versionInPackages,
  versionInVariables,
} from '../../../../src/backend/engine/database/image-version.ts'
import { releaseName, type ServerVersion } from '../../../../src/backend/engine/database/version.ts'
import type { Service } from '../../../../src/stack/model.ts'

function shown(version: ServerVersion | 'unclear' | undefined): string | undefined {
  return typeof version === 'object' ? `${version.product} ${version.numbers.join('.')}` : version
}

const VARIABLES: [FamilyName, Record<string, string>, string | undefined][] = [
  ['postgresql', { PG_MAJOR: '16', PG_VERSION: '16.4-1.pgdg120+1' }, 'PostgreSQL 16'],
  ['postgresql', { PG_MAJOR: '9.6', PG_VERSION: '9.6.24' }, 'PostgreSQL 9.6'],
  ['postgresql', { PG_VERSION: '17.0-1.pgdg120+1' }, 'PostgreSQL 17.0'],
  ['postgresql', { PATH: '/usr/lib/postgresql/15/bin:/usr/bin' }, 'PostgreSQL 15'],
  ['postgresql', { PATH: '/usr/local/bin:/usr/pgsql-14/bin' }, 'PostgreSQL 14'],
  ['postgresql', { PATH: '/usr/lib/postgresql/bin:/usr/bin' }, undefined],
  ['postgresql', { BITNAMI_APP_NAME: 'postgresql', APP_VERSION: '17.2.0' }, 'PostgreSQL 17.2.0'],
  ['postgresql', { BITNAMI_APP_NAME: 'kafka', APP_VERSION: '3.7' }, undefined],
  ['postgresql', { PG_MAJOR: '17', PGTARGET: '17' }, 'unclear'],
  ['mysql', { MYSQL_MAJOR: '8.4', MYSQL_VERSION: '8.4.3-1.el9' }, 'MySQL 8.4.3'],
  ['mysql', { MYSQL_MAJOR: 'innovation', MYSQL_VERSION: '9.1.0-1.el9' }, 'MySQL 9.1.0'],
  ['mysql', { MARIADB_VERSION: '1:11.4.2+maria~ubu2404' }, 'MariaDB 11.4.2'],
  ['mysql', { MARIADB_MAJOR: '10.5', MARIADB_VERSION: '1:10.5.8+maria~focal' }, 'MariaDB 10.5.8'],
  ['mysql', { PS_VERSION: '8.0.36-28.1' }, 'MySQL 8.0.36'],
  ['mysql', { MYSQL_HOST: 'db' }, undefined],
]

for (const [family, env, version] of VARIABLES)
  test(`${JSON.stringify(env)} holds ${version}`, () => assert.is(shown(versionInVariables(family, env)), version))

const INSTALLED = 'install ok installed'

function dpkg(packages: [string, string, string?][]): string {
  const entries = packages.map(
    ([name, version, status = INSTALLED]) =>
      `Package: ${name}\nStatus: ${status}\nVersion: ${version}\nDescription: x\n y\n`,
  )
  return entries.join('\n')
}

const [DPKG, APK] = PACKAGE_LISTS

const PACKAGES: [FamilyName, (typeof PACKAGE_LISTS)[number], string, string | undefined][] = [
  [
    'postgresql',
    DPKG,
    dpkg([
      ['libc6', '2.36'],
      ['postgresql-client-16', '16.1'],
      ['postgresql-15', '15.14-0+deb12u1'],
      ['postgresql-15-postgis-3', '3.3'],
    ]),
    'PostgreSQL 15',
  ],
  [
    'postgresql',
    DPKG,
    dpkg([
      ['postgresql-15', '15.14'],
      ['postgresql-16', '16.1'],
    ]),
    undefined,
  ],
  [
    'postgresql',
    DPKG,
    dpkg([
      ['postgresql-15', '15.1', 'deinstall ok config-files'],
      ['postgresql-16', '16.1'],
    ]),
    'PostgreSQL 16',
  ],
  [
    'mysql',
    DPKG,
    dpkg([
      ['mysql-client-core', '9.7.0-1'],
      ['mysql-server-core', '9.7.0-1'],
    ]),
    'MySQL 9.7.0',
  ],
  ['mysql', DPKG, dpkg([['mysql-server-core-8.0', '8.0.36-0ubuntu0.22.04.1']]), 'MySQL 8.0.36'],
  [
    'mysql',
    DPKG,
    dpkg([
      ['mariadb-server', '1:10.11.6-0+deb12u1'],
      ['mariadb-server-core', '1:10.11.6-0+deb12u1'],
    ]),
    'MariaDB 10.11.6',
  ],
  ['mysql', DPKG, dpkg([['default-mysql-client', '1.1.0']]), undefined],
  ['postgresql', APK, 'C:Q1\nP:postgresql16-client\nV:16.2-r0\n\nC:Q2\nP:postgresql16\nV:16.2-r0\n', 'PostgreSQL 16'],
  ['mysql', APK, 'P:mariadb\nV:11.4.5-r0\n', 'MariaDB 11.4.5'],
]

for (const [family, list, text, version] of PACKAGES)
  test(`${JSON.stringify(text.slice(0, 60))}… holds ${version}`, () =>
    assert.is(shown(versionInPackages(family, list, text)), version))

/** The first page of MySQL's dictionary. */
function tablespace(version: number): Buffer {
  const page = Buffer.alloc(64)
  page.writeUInt32BE(version, 8)
  return page
}

const MARKERS: [FamilyName, string, string | Buffer, string | undefined][] = [
  ['postgresql', '/var/lib/postgresql/data/PG_VERSION', '15\n', 'PostgreSQL 15'],
  ['postgresql', '/var/lib/postgresql/data/PG_VERSION', '9.6\n', 'PostgreSQL 9.6'],
  ['postgresql', '/var/lib/postgresql/data/PG_VERSION', '', undefined],
  [
    'mysql',
    '/var/lib/mysql/mysql_upgrade_history',
    '{"file_format":"1","upgrade_history":[{"version":"8.4.3","maturity":"LTS","initialize":true},{"version":"9.7.0"}]}',
    'MySQL 9.7.0',
  ],
  ['mysql', '/var/lib/mysql/mysql_upgrade_history', '{"file_format":', undefined],
  ['mysql', '/var/lib/mysql/mysql.ibd', tablespace(80_036), 'MySQL 8.0.36'],
  ['mysql', '/var/lib/mysql/mysql.ibd', tablespace(90_700), 'MySQL 9.7.0'],
  ['mysql', '/var/lib/mysql/mysql.ibd', tablespace(0), undefined],
  ['mysql', '/var/lib/mysql/mysql.ibd', Buffer.alloc(4), undefined],
  ['mysql', '/var/lib/mysql/mariadb_upgrade_info', '11.8.6-MariaDB', 'MariaDB 11.8.6'],
  ['mysql', '/var/lib/mysql/mysql_upgrade_info', '10.6.12-MariaDB', 'MariaDB 10.6.12'],
  ['mysql', '/var/lib/mysql/mysql_upgrade_info', '5.7.44\0', 'MySQL 5.7.44'],
]

for (const [family, path, content, version] of MARKERS)
  test(`${path} with ${JSON.stringify(content).slice(0, 40)} holds ${version}`, () => {
    const place = placesOfData(family, {}, []).find((each) => each.path === path)
    assert.is(shown(place?.marker.read(typeof content === 'string' ? Buffer.from(content) : content)), version)
  })

const DIRECTORIES: [FamilyName, Record<string, string>, string[], string | undefined][] = [
  ['postgresql', {}, ['postgres'], '/var/lib/postgresql/data/PG_VERSION'],
  ['postgresql', { PGDATA: '/var/lib/postgresql/18/docker' }, [], '/var/lib/postgresql/18/docker/PG_VERSION'],
  ['postgresql', {}, ['postgres', '-D', '/srv'], undefined],
  ['mysql', {}, ['mysqld'], '/var/lib/mysql/mysql_upgrade_history'],
  ['mysql', {}, ['mysqld', '--datadir=/srv/my'], '/srv/my/mysql_upgrade_history'],
  ['mysql', {}, ['mysqld', '--datadir', '/srv/my'], '/srv/my/mysql_upgrade_history'],
  ['mysql', { BITNAMI_APP_NAME: 'mariadb' }, [], '/bitnami/mariadb/data/mysql_upgrade_history'],
]

for (const [family, env, words, path] of DIRECTORIES)
  test(`${family} with ${JSON.stringify({ ...env, words })} keeps its data at ${path}`, () =>
    assert.is(placesOfData(family, env, words)[0]?.path, path))

test('where images of PostgreSQL 18 and later look for data of other versions', () => {
  const env = { PG_MAJOR: '20', PGDATA: '/var/lib/postgresql/20/docker' }
  assert.equal(
    placesOfOlderData(env).map(({ path }) => path.replace('/PG_VERSION', '')),
    [
      '/var/lib/postgresql',
      '/var/lib/postgresql/data',
      '/var/lib/postgresql/19/docker',
      '/var/lib/postgresql/18/docker',
    ],
  )
  assert.equal(placesOfOlderData({ PG_MAJOR: '17', PGDATA: '/var/lib/postgresql/data' }), [])
  assert.equal(placesOfOlderData({ PG_MAJOR: '19', PGDATA: '/var/lib/postgresql/18/docker' }), [])
})

const SERVICES: [Service, string[], FamilyName | undefined][] = [
  [{ image: 'postgres:17' }, ['/var/lib/postgresql/data'], 'postgresql'],
  [{ image: 'own/db:1' }, ['/var/lib/postgresql'], 'postgresql'],
  [{ image: 'own/db:1' }, ['/var/lib/postgresql/18/docker'], 'postgresql'],
  [{ image: 'own/db:1', environment: { PGDATA: '/srv/pg/data' } }, ['/srv/pg'], 'postgresql'],
  [{ image: 'registry:5000/team/postgis:16-3.4' }, ['/data'], 'postgresql'],
  [{ image: 'postgres:17' }, [], undefined],
  [{ image: 'mariadb:11' }, ['/var/lib/mysql'], 'mysql'],
  [{ image: 'nginx:1' }, ['/usr/share/nginx/html'], undefined],
  [{ image: 'mysql-team/web:1' }, ['/data'], undefined],
  [{ image: 'own/backup:1', command: ['backup'] }, ['/var/lib/mysql'], undefined],
  [{ image: 'postgres:17', command: ['bash', '-c', 'pg_upgrade'] }, ['/var/lib/postgresql/data'], undefined],
  [{ image: 'postgres:17', command: ['postgres', '-c', 'fsync=off'] }, ['/var/lib/postgresql/data'], 'postgresql'],
  [{ image: 'postgres:17', command: ['-c', 'fsync=off'] }, ['/var/lib/postgresql/data'], 'postgresql'],
  [{ image: 'postgres:17', entrypoint: ['sleep', '1000'] }, ['/var/lib/postgresql/data'], undefined],
  [{ image: 'postgres:17', entrypoint: ['/own-entrypoint.sh'] }, ['/var/lib/postgresql/data'], 'postgresql'],
  [{ image: 'tianon/postgres-upgrade:16-to-17' }, ['/var/lib/postgresql'], undefined],
]

for (const [service, targets, family] of SERVICES)
  test(`${JSON.stringify(service)} on ${targets.join()} is ${family ?? 'no database'}`, () =>
    assert.is(familyOf(service, targets), family))

test('releases are named as their makers count them', () => {
  const named = (product: ServerVersion['product'], ...numbers: number[]) => releaseName({ product, numbers })
  assert.is(named('PostgreSQL', 16, 4), 'PostgreSQL 16')
  assert.is(named('PostgreSQL', 9, 6, 24), 'PostgreSQL 9.6')
  assert.is(named('MySQL', 8, 0, 36), 'MySQL 8.0')
})

test.run()
