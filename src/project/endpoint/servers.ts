import { credentials, firstOf, type Kind } from './facts.ts'

const RABBITMQ: Kind = {
  name: 'RabbitMQ',
  matches: ({ target }) => target === 5672,
  url(at, facts) {
    const user = firstOf(facts, 'RABBITMQ_DEFAULT_USER')
    return `amqp://${user ? credentials(user, facts.password('RABBITMQ_DEFAULT_PASS')) : ''}${at}/`
  },
}

const NATS: Kind = plain('NATS', 'nats', [4222])
const MQTT: Kind = plain('MQTT', 'mqtt', [1883])
const SSH: Kind = plain('SSH', 'ssh', [22, 2222])
const FTP: Kind = plain('FTP', 'ftp', [21])
const HTTPS: Kind = plain('HTTPS', 'https', [443, 8443, 9443])

/**
 * Ports of web servers that are common in laboratories: 80, 3000 (Grafana, Node), 3838 (Shiny), 4040 (Spark), 5000 (MLflow, Flask),
 * 5006 (Bokeh), 6006 (TensorBoard), 7474 (Neo4j), 8050 (Dash), 8501 (Streamlit), 8787 (RStudio), 9000/9001 (MinIO), …
 */
const HTTP: Kind = plain(
  'HTTP',
  'http',
  [
    80, 3000, 3001, 3838, 4000, 4040, 4173, 5000, 5001, 5006, 5173, 5601, 5984, 6006, 6333, 7474, 8000, 8001, 8008,
    8050, 8080, 8081, 8083, 8086, 8088, 8090, 8123, 8265, 8501, 8787, 8983, 9000, 9001, 9090, 9091, 15672, 16686,
  ],
)

/** Any other server: just the address and port. */
export const OTHER: Kind = { name: '', matches: () => true, url: (at, { protocol }) => `${protocol}://${at}` }

export const SERVERS: readonly Kind[] = [RABBITMQ, NATS, MQTT, SSH, FTP, HTTPS, HTTP]

function plain(name: string, scheme: string, targets: readonly number[]): Kind {
  const known = new Set(targets)
  return {
    name,
    matches: ({ target, protocol }) => protocol === 'tcp' && known.has(target),
    url: (at) => `${scheme}://${at}`,
  }
}
