import { postgresql } from '../postgresql.ts'

export const age = postgresql({
  name: 'age',
  prefix: 'AGE',
  title: 'Apache AGE',
  summary: 'PostgreSQL 17 with Apache AGE 1.6, for graphs and openCypher',
  image: 'apache/age:release_PG17_1.6.0',
  notes: ['In each session: LOAD \'age\'; SET search_path = ag_catalog, "$user", public;'],
})
