import { required, type Template } from '../template.ts'

export const pgadmin: Template = {
  name: 'pgadmin',
  summary: 'pgAdmin 4, a web page for PostgreSQL',
  image: 'dpage/pgadmin4:9.14.0',
  role: 'workplace',
  notes: ['Log in as lab@example.com.'],
  environment: {
    PGADMIN_DEFAULT_EMAIL: 'lab@example.com',
    PGADMIN_DEFAULT_PASSWORD: required('PGADMIN_PASSWORD'),
  },
  secrets: { PGADMIN_PASSWORD: 'the page of pgAdmin' },
  ports: [{ variable: 'PGADMIN_PORT', container: 80, host: 5050 }],
  mounts: [{ volume: 'pgadmin-data', at: '/var/lib/pgadmin' }],
  health: {
    why: ['Answers without a login.'],
    test: ['wget', '-q', '-O', '/dev/null', 'http://127.0.0.1/misc/ping'],
    start: '2m',
  },
  connects: ['postgresql'],
  connected: () => ({}),
  drivers: (others) => [
    `Register a server: host ${others.map(({ name }) => name).join(' or ')}, user and database lab.`,
  ],
}
