import type { Template } from './template.ts'
import { adminer } from './templates/adminer.ts'
import { age } from './templates/age.ts'
import { elasticsearch } from './templates/elasticsearch.ts'
import { jupyter } from './templates/jupyter.ts'
import { mariadb } from './templates/mariadb.ts'
import { mongo } from './templates/mongo.ts'
import { mysql } from './templates/mysql.ts'
import { neo4j } from './templates/neo4j.ts'
import { pgadmin } from './templates/pgadmin.ts'
import { postgis } from './templates/postgis.ts'
import { postgres } from './templates/postgres.ts'
import { redis } from './templates/redis.ts'
import { rstudio } from './templates/rstudio.ts'
import { shiny } from './templates/shiny.ts'

/** Every template, in the order of lists and of stack files. To add one, add a file and its name here. */
export const TEMPLATES: readonly Template[] = [
  mysql,
  mariadb,
  postgres,
  postgis,
  age,
  neo4j,
  redis,
  mongo,
  elasticsearch,
  jupyter,
  rstudio,
  shiny,
  adminer,
  pgadmin,
]
