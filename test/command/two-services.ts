import { test } from 'uvu'
import type { ImageFixture } from '../support/memory/fixture.ts'
import { type Lab, withLab } from './support.ts'

export const DB: ImageFixture = {
  cmd: ['serve'],
  env: ['MYSQL_DATABASE=shop'],
  passesAfter: 300,
  log: [
    { after: 10, text: 'db one' },
    { after: 400, text: 'db two', stream: 'stderr' },
  ],
}
export const WEB: ImageFixture = { cmd: ['serve'], log: [{ after: 20, text: 'web one' }] }

/** Virtual time passes whenever nobody is busy, so that what should be there for a while never ends by itself. */
export const IMAGES: Record<string, ImageFixture> = {
  'db:1': DB,
  'db:brief': { ...DB, exits: { after: 5000, code: 0 } },
  'db:sick': { ...DB, passesAfter: Infinity, log: [{ after: 10, text: 'the cause' }], exits: { after: 50, code: 1 } },
  'web:1': WEB,
  'web:2': { ...WEB, content: 'newer' },
  'web:brief': { ...WEB, exits: { after: 1000, code: 3 } },
}

export const STACK = `
name: shop
services:
  db:
    image: db:1
    environment: { MYSQL_ROOT_PASSWORD_FILE: /run/secrets/root }
    secrets: [root]
    ports: ["127.0.0.1:13306:3306"]
    healthcheck: { test: [CMD, "true"], interval: 1s }
    volumes: ["data:/data"]
  web:
    image: web:1
    depends_on: { db: { condition: service_healthy } }
    ports: ["8080:80"]
  extra: { image: "web:2", profiles: [more] }
volumes: { data: {} }
secrets: { root: { file: ./root.txt } }
`
export const BRIEF = STACK.replace('db:1', 'db:brief').replace('web:1', 'web:brief')
export const FILES = { 'stack.yaml': STACK, 'root.txt': 'swordfish\n' }

/** A test with its own laboratory. */
export function inLab(name: string, body: (lab: Lab) => Promise<void>, files: Record<string, string> = FILES): void {
  test(name, async () => {
    await withLab(files, { images: IMAGES }, body)
  })
}
