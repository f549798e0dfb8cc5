import { join } from 'node:path'
import { type Checked, checked, failed } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import type { Tls } from '../endpoint.ts'
import { readSmallFile } from '../small-file.ts'

type Part = 'ca' | 'cert' | 'key'

/** Reads `ca.pem`, `cert.pem` and `key.pem`; the needed ones must exist. */
export function readTls(folder: string, verify: boolean, needed: Part[]): Checked<Tls> {
  const tls: Tls = { verify }
  for (const part of ['ca', 'cert', 'key'] as const) {
    try {
      tls[part] = readSmallFile(join(folder, `${part}.pem`))
    } catch (problem) {
      const missing = (problem as NodeJS.ErrnoException).code === 'ENOENT'
      if (!missing || needed.includes(part)) return unreadable(problem as Error)
    }
  }
  return checked(tls, [])
}

function unreadable(problem: Error) {
  const hint = 'DOCKER_CERT_PATH names the folder with ca.pem, cert.pem and key.pem'
  return failed(error('engine-unreachable', `cannot read the TLS certificates: ${problem.message}`, { hint }))
}
