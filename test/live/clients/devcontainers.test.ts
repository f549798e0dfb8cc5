import { test } from 'uvu'
import { testClient } from './clients.ts'

await testClient('devcontainers')

test.run()
