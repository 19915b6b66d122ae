"use strict";

// A lab 1 client: all it knows of a server are the nine functions of serverstub.

const $ = (selector, inside = document) => inside.querySelector(selector);
const token = () => localStorage.getItem("token");

window.onload = displayView;

function displayView() {
  $("#view").innerHTML = $(token() ? "#profile-view" : "#welcome-view").textContent;
  if (token()) {
    showProfile();
  } else {
    showWelcome();
  }
}

function notice(answer) {
  $("#notice").textContent = answer.message;
  return answer.success;
}

function submitted(form, act) {
  form.onsubmit = (event) => {
    event.preventDefault();
    act(Object.fromEntries(new FormData(form)));
  };
}

function showWelcome() {
  submitted($("#sign-in"), signIn);
  submitted($("#sign-up"), ({ repeated, ...fields }) => {
    if (repeated !== fields.password) {
      notice({ message: "The passwords differ." });
    } else if (notice(serverstub.signUp(fields))) {
      signIn(fields);
    }
  });
}

function signIn({ email, password }) {
  const answer = serverstub.signIn(email, password);
  if (notice(answer)) {
    localStorage.setItem("token", answer.data);
    displayView();
  }
}

function showProfile() {
  const me = serverstub.getUserDataByToken(token());
  if (!me.success) {
    leave(me);
    return;
  }
  for (const button of document.querySelectorAll("nav button")) {
    button.onclick = () => {
      for (const section of document.querySelectorAll("section")) {
        section.hidden = section.id !== button.dataset.tab;
      }
    };
  }
  showPerson($("#home"), me.data, null);
  submitted($("#search"), ({ email }) => {
    const found = serverstub.getUserDataByEmail(token(), email);
    $("#found").hidden = !notice(found);
    if (found.success) {
      showPerson($("#found"), found.data, email);
    }
  });
  submitted($("#change"), (given) => notice(serverstub.changePassword(token(), given.old, given.new)));
  $("#sign-out").onclick = () => leave(serverstub.signOut(token()));
}

function leave(answer) {
  localStorage.removeItem("token");
  displayView();
  notice(answer);
}

// The wall of `email`; null is one's own.
function showPerson(place, data, email) {
  const list = $(".data", place);
  list.replaceChildren();
  for (const name in data) {
    list.append(element("dt", name), element("dd", data[name]));
  }
  const refresh = () => {
    const answer = email
      ? serverstub.getUserMessagesByEmail(token(), email)
      : serverstub.getUserMessagesByToken(token());
    if (!answer.success) {
      leave(answer);
      return;
    }
    $(".wall", place).replaceChildren(...answer.data.map((m) => element("li", m.writer + ": " + m.content)));
  };
  $(".refresh", place).onclick = refresh;
  const form = $(".post", place);
  submitted(form, ({ content }) => {
    if (notice(serverstub.postMessage(token(), content, email))) {
      form.reset();
      refresh();
    }
  });
  refresh();
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
