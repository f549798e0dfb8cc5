import { credentials, encode, firstOf, type Kind, type PortFacts } from './facts.ts'

/** Variables from the documentation of the official images (hub.docker.com/_/mysql, /mariadb, /postgres, /mongo, /redis, /neo4j). */
const MYSQL: Kind = {
  name: 'MySQL',
  matches: on(3306),
  url(at, facts) {
    const user = firstOf(facts, 'MYSQL_USER', 'MARIADB_USER') ?? 'root'
    const names =
      user === 'root' ? ['MYSQL_ROOT_PASSWORD', 'MARIADB_ROOT_PASSWORD'] : ['MYSQL_PASSWORD', 'MARIADB_PASSWORD']
    const database = firstOf(facts, 'MYSQL_DATABASE', 'MARIADB_DATABASE') ?? ''
    return `mysql://${credentials(user, facts.password(...names))}${at}/${encode(database)}`
  },
}

const POSTGRES: Kind = {
  name: 'PostgreSQL',
  matches: on(5432),
  url(at, facts) {
    const user = firstOf(facts, 'POSTGRES_USER') ?? 'postgres'
    const database = firstOf(facts, 'POSTGRES_DB') ?? user
    return `postgresql://${credentials(user, facts.password('POSTGRES_PASSWORD'))}${at}/${encode(database)}`
  },
}

const MONGO: Kind = {
  name: 'MongoDB',
  matches: on(27017),
  url(at, facts) {
    const user = firstOf(facts, 'MONGO_INITDB_ROOT_USERNAME')
    const database = encode(firstOf(facts, 'MONGO_INITDB_DATABASE') ?? '')
    if (!user) return `mongodb://${at}/${database}`
    return `mongodb://${credentials(user, facts.password('MONGO_INITDB_ROOT_PASSWORD'))}${at}/${database}?authSource=admin`
  },
}

const REDIS: Kind = {
  name: 'Redis',
  matches: on(6379),
  url: (at, facts) => `redis://${credentials(undefined, facts.password('REDIS_PASSWORD', 'REDISCLI_AUTH'))}${at}/0`,
}

/** Drivers take user and password separately from the URL. */
const NEO4J: Kind = { name: 'Neo4j', matches: on(7687), url: (at) => `bolt://${at}` }

const MSSQL: Kind = {
  name: 'SQL Server',
  matches: on(1433),
  url: (at, facts) => `sqlserver://${credentials('sa', facts.password('MSSQL_SA_PASSWORD', 'SA_PASSWORD'))}${at}`,
}

const ELASTIC: Kind = {
  name: 'Elasticsearch',
  matches: on(9200),
  url(at, facts) {
    const password = facts.password('ELASTIC_PASSWORD')
    return `http://${credentials(password.kind === 'unset' ? undefined : 'elastic', password)}${at}`
  },
}

export const DATABASES: readonly Kind[] = [MYSQL, POSTGRES, MONGO, REDIS, NEO4J, MSSQL, ELASTIC]

function on(target: number): (facts: PortFacts) => boolean {
  return (facts) => facts.target === target
}
