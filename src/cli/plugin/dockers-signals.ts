import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'

/** Milliseconds between checks for a closed socket. */
const LOOK_MS = 500

/**
 * Calls `ended` when docker closes the socket that it passes to a plugin, which means that docker was interrupted (docker/cli,
 * cli-plugins/socket). An unreachable socket is ignored, and the connection does not keep the program alive.
 */
export function onDockersEnd(address: string, ended: () => void): void {
  // Docker writes Linux's abstract addresses (unix(7)) with an @.
  const socket = connect({ path: address.replace(/^@/, '\0') })
  socket.on('error', () => lookFor(address, ended)).on('end', ended)
  socket.resume()
  socket.unref()
}

/**
 * Node 20 pads abstract addresses with zeros, so it cannot connect to others' sockets: instead, poll the kernel's socket list
 * (proc(5)).
 */
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
