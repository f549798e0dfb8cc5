import { required, type Template } from '../template.ts'

export const mongo: Template = {
  name: 'mongo',
  summary: 'MongoDB 8.0, a document database',
  image: 'mongo:8.0.17',
  role: 'store',
  environment: {
    MONGO_INITDB_ROOT_USERNAME: 'lab',
    MONGO_INITDB_ROOT_PASSWORD: required('MONGO_PASSWORD'),
  },
  secrets: { MONGO_PASSWORD: 'user lab of MongoDB' },
  ports: [{ variable: 'MONGO_PORT', container: 27017 }],
  mounts: [
    { volume: 'mongo-data', at: '/data/db' },
    { volume: 'mongo-config', at: '/data/configdb' },
  ],
  health: {
    why: ['With a login: there is none while the database is being set up.'],
    test: 'mongosh --quiet --username "$$MONGO_INITDB_ROOT_USERNAME" --password "$$MONGO_INITDB_ROOT_PASSWORD" --authenticationDatabase admin --eval "quit(db.adminCommand({ping: 1}).ok ? 0 : 1)"',
    start: '1m',
  },
  settings: ['# Time to write everything to the disk.', 'stop_grace_period: 1m'],
  gives: { MONGO_HOST: 'mongo', MONGO_USER: 'lab', MONGO_PASSWORD: required('MONGO_PASSWORD') },
  packages: { python: 'pymongo', r: 'mongolite' },
}
