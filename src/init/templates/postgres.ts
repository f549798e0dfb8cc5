import { postgresql } from '../postgresql.ts'

export const postgres = postgresql({
  name: 'postgres',
  prefix: 'POSTGRES',
  title: 'PostgreSQL',
  summary: 'PostgreSQL 17, a relational database',
  image: 'postgres:17.11',
})
