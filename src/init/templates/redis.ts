import { required, type Template } from '../template.ts'

export const redis: Template = {
  name: 'redis',
  summary: 'Redis 7.4, a store of keys and values, queues and caches',
  image: 'redis:7.4.9',
  role: 'store',
  // Writes every change to its volume.
  command: ['redis-server', '--appendonly', 'yes', '--requirepass', required('REDIS_PASSWORD')],
  // The variable from which redis-cli takes the password.
  environment: { REDISCLI_AUTH: required('REDIS_PASSWORD') },
  secrets: { REDIS_PASSWORD: 'Redis' },
  ports: [{ variable: 'REDIS_PORT', container: 6379 }],
  mounts: [{ volume: 'redis-data', at: '/data' }],
  health: {
    why: ['redis-cli ends with 0 even if the server answers with an error, hence the comparison.'],
    test: '[ "$$(redis-cli ping)" = PONG ]',
    start: '30s',
  },
  gives: { REDIS_HOST: 'redis', REDIS_PASSWORD: required('REDIS_PASSWORD') },
  packages: { python: 'redis', r: 'redux' },
}
