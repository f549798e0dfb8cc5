import type { AttachCalls } from '../port.ts'
import { containerPath } from './containers.ts'
import type { Link } from './http/link.ts'
import { requestDone } from './http/request.ts'
import { openStream } from './http/stream.ts'
import { waitFor } from './wait.ts'

export function attachCalls(link: Link): AttachCalls {
  return {
    attachContainer(id, { stdin, tty, detachKeys }, signal) {
      const query = { stream: true, stdin, stdout: true, stderr: true, ...(detachKeys !== undefined && { detachKeys }) }
      return openStream(link, { path: containerPath(id, 'attach'), query, tty }, signal)
    },
    resizeContainer(id, { columns, rows }) {
      const query = { w: columns, h: rows }
      return requestDone(link, { method: 'POST', path: containerPath(id, 'resize'), query })
    },
    waitContainer: (id, until, signal) => waitFor(link, id, until, signal),
  }
}
