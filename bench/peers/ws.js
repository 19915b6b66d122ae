// `ws` on Node, with its native add-on bufferutil, as its README advises. Port from the command line.
const { WebSocket, WebSocketServer } = require("ws");

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), perMessageDeflate: false });

server.on("connection", (socket) => {
  socket.on("error", () => socket.terminate());
  socket.on("message", (data, binary) => {
    for (const member of server.clients) if (member.readyState === WebSocket.OPEN) member.send(data, { binary });
  });
});
