import { required, type Template } from '../template.ts'

export const neo4j: Template = {
  name: 'neo4j',
  summary: 'Neo4j 5.26, a graph database with Cypher',
  image: 'neo4j:5.26.12',
  role: 'graph',
  notes: [
    'Its browser is at the first port. Log in as neo4j; the connection URL is bolt://localhost and the second port.',
  ],
  environment: {
    NEO4J_AUTH: `neo4j/${required('NEO4J_PASSWORD')}`,
    // The address to which the browser on this machine sends queries.
    NEO4J_server_bolt_advertised__address: 'localhost:${NEO4J_BOLT_PORT:-7687}',
  },
  secrets: { NEO4J_PASSWORD: 'user neo4j of Neo4j' },
  ports: [
    { variable: 'NEO4J_PORT', container: 7474 },
    { variable: 'NEO4J_BOLT_PORT', container: 7687 },
  ],
  mounts: [{ volume: 'neo4j-data', at: '/data' }],
  health: {
    why: ['It answers there, without a login, once queries are accepted.'],
    test: ['wget', '--quiet', '--output-document=/dev/null', 'http://127.0.0.1:7474'],
    start: '3m',
  },
  settings: ['# Time to write everything to the disk.', 'stop_grace_period: 1m'],
  gives: { NEO4J_URI: 'bolt://neo4j:7687', NEO4J_USER: 'neo4j', NEO4J_PASSWORD: required('NEO4J_PASSWORD') },
  packages: { python: 'neo4j', r: 'neo2R' },
}
