// Socket.IO on Node, by WebSocket alone; the first HTTP request of each connection is let go, as its page on memory
// advises. Port from the command line.
const http = require("http");
const { Server } = require("socket.io");

const server = http.createServer();
const io = new Server(server, { transports: ["websocket"], serveClient: false });

io.engine.on("connection", (raw) => {
  raw.request = null;
});
io.on("connection", (socket) => socket.on("message", (data) => io.emit("message", data)));
server.listen(Number(process.argv[2]), "127.0.0.1");
