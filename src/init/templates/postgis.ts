import { postgresql } from '../postgresql.ts'

export const postgis = postgresql({
  name: 'postgis',
  prefix: 'POSTGIS',
  title: 'PostGIS',
  summary: 'PostgreSQL 17 with PostGIS 3.5, for geographic data',
  image: 'postgis/postgis:17-3.5',
})
