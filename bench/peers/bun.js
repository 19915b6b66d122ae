// Bun's own publish (uWebSockets): whatever one sends, everybody in the topic gets. Port from the command line.
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  fetch: (request) => (server.upgrade(request) ? undefined : new Response("A WebSocket, please.", { status: 426 })),
  websocket: {
    open: (socket) => socket.subscribe("room"),
    message: (socket, message) => server.publish("room", message),
  },
});
