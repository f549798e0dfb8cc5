import { required, type Template } from './template.ts'

interface Variant extends Pick<Template, 'name' | 'summary' | 'image' | 'notes'> {
  /** Precedes its variables: `POSTGIS` for `POSTGIS_PASSWORD`. */
  prefix: string
  /** Its name in texts. */
  title: string
}

/** Images that are built on the official image of PostgreSQL take the same variables and start in the same way. */
export function postgresql({ prefix, title, ...variant }: Variant): Template {
  const { name } = variant
  const password = required(`${prefix}_PASSWORD`)
  return {
    ...variant,
    role: 'postgresql',
    environment: { POSTGRES_DB: 'lab', POSTGRES_USER: 'lab', POSTGRES_PASSWORD: password },
    secrets: { [`${prefix}_PASSWORD`]: `user lab of ${title}` },
    ports: [{ variable: `${prefix}_PORT`, container: 5432 }],
    mounts: [{ volume: `${name}-data`, at: '/var/lib/postgresql/data' }],
    health: {
      why: ['Over the network: while the database is being set up, the server does not listen there.'],
      test: 'pg_isready --quiet --host=127.0.0.1 --username="$$POSTGRES_USER" --dbname="$$POSTGRES_DB"',
      start: '2m',
    },
    settings: [
      '# Parallel queries share memory there. The default of 64 MB is soon used up.',
      'shm_size: 256m',
      '# Time to write everything to the disk.',
      'stop_grace_period: 1m',
    ],
    gives: {
      [`${prefix}_HOST`]: name,
      [`${prefix}_DATABASE`]: 'lab',
      [`${prefix}_USER`]: 'lab',
      [`${prefix}_PASSWORD`]: password,
    },
    packages: { python: 'psycopg2-binary', r: 'RPostgres' },
  }
}
