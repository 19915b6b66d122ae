// The page of the Socket.IO chat: the lecture's events, and a line for each.

const chat = document.getElementById("chat");
const text = document.getElementById("text");
const socket = io("/chat");

function write(line) {
  chat.value += `${line}\n`;
  chat.scrollTop = chat.scrollHeight;
}

socket.on("connect", () => socket.emit("joined", {}));
socket.on("connect_error", (error) => write(`<${error.message}>`));
socket.on("status", (data) => write(`<${data.msg}>`));
socket.on("message", (data) => write(data.msg));

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing && text.value) {
    socket.emit("text", { msg: text.value });
    text.value = "";
  }
});

document.getElementById("leave").addEventListener("click", (event) => {
  event.preventDefault();
  socket.emit("left", {}, () => {
    socket.disconnect();
    location.assign("/chat/enter");
  });
});
