// A finished Tutorial 12, with the habits of the ones in the wild: the newcomer is the last of the list, who leaves is
// taken out by name, and the page says disconnect whenever it is closed.

const find = (id) => document.getElementById(id);
let socket = null;
let username = "";

function connect() {
  socket = new WebSocket(find("server").value);
  socket.onopen = () => {
    find("step1").classList.add("hidden");
    find("step2").classList.remove("hidden");
    find("status").classList.remove("hidden");
    find("ws-status").textContent = "Connected";
    find("name").focus();
  };
  socket.onmessage = (event) => handleServerMessage(JSON.parse(event.data));
  socket.onclose = () => alert("Socket server disconnected!");
}

function setName() {
  username = find("name").value;
  if (!username) {
    return;
  }
  socket.send(JSON.stringify({ type: "login", username }));
  find("name-display").textContent = `Signed in as ${username}.`;
  find("chat-container").classList.remove("hidden");
  find("step2").classList.add("hidden");
}

function send() {
  socket.send(JSON.stringify({ type: "chat", text: find("message").value, username }));
  find("message").value = "";
}

function list(users) {
  find("users-list").querySelector("ul").replaceChildren(
    ...users.map((name) => {
      const item = document.createElement("li");
      item.id = name;
      item.textContent = name;
      return item;
    }),
  );
}

function handleServerMessage(data) {
  if (data.type === "login") {
    const newcomer = data.active_users[data.active_users.length - 1];
    list(data.active_users);
    find("update").textContent = newcomer === username ? "You have joined" : `${newcomer} has joined the chat`;
  } else if (data.type === "disconnect") {
    document.getElementById(data.user_left).remove();
    find("update").textContent = `${data.username} has left the chat`;
  } else if (data.type === "chat") {
    const line = document.createElement("p");
    line.className = data.username === username ? "right" : "left";
    line.textContent = `${data.username === username ? "You" : data.username}: ${data.text}`;
    find("chat").append(line);
  } else if (data.error) {
    find("update").textContent = data.error;
  }
}

function onEnter(id, act) {
  find(id).addEventListener("keyup", (event) => event.keyCode === 13 && act());
}

find("connect").addEventListener("click", connect);
find("set-name").addEventListener("click", setName);
find("send").addEventListener("click", send);
onEnter("server", connect);
onEnter("name", setName);
onEnter("message", send);
window.addEventListener("beforeunload", () => socket && socket.send(JSON.stringify({ type: "disconnect", username })));
