import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'

/** How soon a closed socket is seen by looking. */
const LOOK_MS = 500

/**
 * Calls `ended` when docker closes the socket that it names a plugin, which says that docker was interrupted (docker/cli,
 * cli-plugins/socket). One that cannot be reached says nothing, and none keeps the program alive.
 */
export function onDockersEnd(address: string, ended: () => void): void {
  // Linux's abstract addresses (unix(7)) are written with an @.
  const socket = connect({ path: address.replace(/^@/, '\0') })
  socket.on('error', () => lookFor(address, ended)).on('end', ended)
  socket.resume()
  socket.unref()
}

/** Node 20 pads abstract addresses with zeros, so that it reaches none but its own: there the list of sockets tells (proc(5)). */
function lookFor(address: string, ended: () => void): void {
  let wasThere = false
  const look = async () => {
    const isThere = (await readFile('/proc/net/unix', 'utf8').catch(() => '')).includes(`${address}\n`)
    if (isThere) setTimeout(look, LOOK_MS).unref()
    else if (wasThere) ended()
    wasThere = isThere
  }
  void look()
}
