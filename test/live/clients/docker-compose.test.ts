import { test } from 'uvu'
import { testClient } from './clients.ts'

await testClient('docker-compose')

test.run()
