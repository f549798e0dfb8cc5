import { required, type Template } from '../template.ts'

export const mysql: Template = {
  name: 'mysql',
  summary: 'MySQL 8.4, a relational database',
  image: 'mysql:8.4.9',
  role: 'mysql',
  environment: {
    MYSQL_DATABASE: 'lab',
    MYSQL_USER: 'lab',
    MYSQL_PASSWORD: required('MYSQL_PASSWORD'),
    MYSQL_ROOT_PASSWORD: required('MYSQL_ROOT_PASSWORD'),
  },
  secrets: { MYSQL_PASSWORD: 'user lab of MySQL', MYSQL_ROOT_PASSWORD: 'user root of MySQL' },
  ports: [{ variable: 'MYSQL_PORT', container: 3306 }],
  mounts: [{ volume: 'mysql-data', at: '/var/lib/mysql' }],
  health: {
    why: ['A query over the network: while the database is being set up, the server does not listen there.'],
    test: 'MYSQL_PWD="$$MYSQL_PASSWORD" mysql --host=127.0.0.1 --user="$$MYSQL_USER" --execute="SELECT 1" "$$MYSQL_DATABASE"',
    start: '2m',
  },
  settings: [
    '# Lets MySQL bind its memory to a processor. Without it, it complains in its log.',
    'cap_add: [SYS_NICE]',
    '# Time to write everything to the disk.',
    'stop_grace_period: 1m',
  ],
  gives: {
    MYSQL_HOST: 'mysql',
    MYSQL_DATABASE: 'lab',
    MYSQL_USER: 'lab',
    MYSQL_PASSWORD: required('MYSQL_PASSWORD'),
  },
  packages: { python: 'pymysql', r: 'RMariaDB' },
}
