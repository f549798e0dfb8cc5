import { checked } from '../../diagnostics/checked.ts'
import type { Endpoint, Find } from '../endpoint.ts'

const PATH = '//./pipe/docker_engine'

/** Uses the named pipe on which engines listen on Windows. */
export const findByPipe: Find = async ({ platform }) => {
  if (platform !== 'win32') return undefined
  return checked<Endpoint>(
    { host: `npipe://${PATH}`, from: 'the default pipe', address: { kind: 'socket', path: PATH } },
    [],
  )
}
