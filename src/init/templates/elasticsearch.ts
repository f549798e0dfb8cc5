import { required, type Template } from '../template.ts'

export const elasticsearch: Template = {
  name: 'elasticsearch',
  summary: 'Elasticsearch 8.19, a search engine',
  image: 'elasticsearch:8.19.0',
  role: 'store',
  environment: {
    'discovery.type': 'single-node',
    ELASTIC_PASSWORD: required('ELASTICSEARCH_PASSWORD'),
    // Plain HTTP: it is reachable from this machine and this stack only.
    'xpack.security.http.ssl.enabled': 'false',
    ES_JAVA_OPTS: '-Xms512m -Xmx512m',
  },
  secrets: { ELASTICSEARCH_PASSWORD: 'user elastic of Elasticsearch' },
  ports: [{ variable: 'ELASTICSEARCH_PORT', container: 9200 }],
  mounts: [{ volume: 'elasticsearch-data', at: '/usr/share/elasticsearch/data' }],
  health: {
    why: ['With a login: it is refused until the server is ready.'],
    test: 'curl --fail --silent --output /dev/null --user "elastic:$$ELASTIC_PASSWORD" http://127.0.0.1:9200/_cluster/health',
    start: '3m',
  },
  settings: ['# Time to write everything to the disk.', 'stop_grace_period: 1m'],
  gives: {
    ELASTICSEARCH_URL: 'http://elasticsearch:9200',
    ELASTICSEARCH_USER: 'elastic',
    ELASTICSEARCH_PASSWORD: required('ELASTICSEARCH_PASSWORD'),
  },
  packages: { python: 'elasticsearch', r: 'httr2' },
}
