import { required, type Template } from '../template.ts'

export const mariadb: Template = {
  name: 'mariadb',
  summary: 'MariaDB 11.4, a relational database',
  image: 'mariadb:11.4.13',
  role: 'mysql',
  environment: {
    MARIADB_DATABASE: 'lab',
    MARIADB_USER: 'lab',
    MARIADB_PASSWORD: required('MARIADB_PASSWORD'),
    MARIADB_ROOT_PASSWORD: required('MARIADB_ROOT_PASSWORD'),
  },
  secrets: { MARIADB_PASSWORD: 'user lab of MariaDB', MARIADB_ROOT_PASSWORD: 'user root of MariaDB' },
  ports: [{ variable: 'MARIADB_PORT', container: 3306 }],
  mounts: [{ volume: 'mariadb-data', at: '/var/lib/mysql' }],
  health: {
    why: ['A query over the network: while the database is being set up, the server does not listen there.'],
    test: 'MYSQL_PWD="$$MARIADB_PASSWORD" mariadb --host=127.0.0.1 --user="$$MARIADB_USER" --execute="SELECT 1" "$$MARIADB_DATABASE"',
    start: '2m',
  },
  settings: ['# Time to write everything to the disk.', 'stop_grace_period: 1m'],
  gives: {
    MARIADB_HOST: 'mariadb',
    MARIADB_DATABASE: 'lab',
    MARIADB_USER: 'lab',
    MARIADB_PASSWORD: required('MARIADB_PASSWORD'),
  },
  packages: { python: 'pymysql', r: 'RMariaDB' },
}
