"use strict";

// A student's finished Pair-Up page: plain XMLHttpRequest, the token in a variable, one callback after the other.

let token = null;
let student = null;
let project = null;

const $ = (id) => document.getElementById(id);

function begin() {
  $("log").onclick = () => {
    if (token === null) {
      $("login-panel").hidden = !$("login-panel").hidden;
    } else {
      logout();
    }
  };
  $("project").onclick = () => {
    $("project-panel").hidden = !$("project-panel").hidden;
  };
}

// Calls `done` with the answer when it has the status `wanted`; says what went wrong otherwise.
function send(method, path, body, wanted, done, { silent = 0, user, pin } = {}) {
  const request = new XMLHttpRequest();
  request.onreadystatechange = () => {
    if (request.readyState !== 4) {
      return;
    }
    const answer = request.responseText ? JSON.parse(request.responseText) : null;
    if (request.status === wanted) {
      $("notice").textContent = "";
      done(answer);
    } else if (request.status === silent) {
      done(null);
    } else {
      $("notice").textContent = `${request.status} ${answer.error}: ${answer.message}`;
    }
  };
  request.open(method, path, true, user, pin);
  if (token !== null) {
    request.setRequestHeader("Authorization", `Bearer ${token}`);
  }
  if (body === null) {
    request.send();
  } else {
    request.setRequestHeader("Content-Type", "application/json");
    request.send(JSON.stringify(body));
  }
}

const ofMe = (rest = "") => `/api/students/${student.id}${rest}`;

function login() {
  const user = $("snum").value;
  const took = (answer) => {
    token = answer.token;
    $("log").textContent = "Logout";
    $("login-panel").hidden = true;
    $("project").hidden = false;
    send("GET", `/api/students/${user}`, null, 200, (who) => {
      student = who;
      getProject();
    });
  };
  send("POST", "/api/tokens", null, 200, took, { user, pin: $("pin").value });
}

function logout() {
  send("DELETE", "/api/tokens", null, 204, () => {
    token = student = project = null;
    $("log").textContent = "Login";
    $("project").hidden = $("project-panel").hidden = true;
    showTable([]);
  });
}

function getProject() {
  const show = (answer) => {
    project = answer;
    showProject();
    send("GET", "/api/projects/", null, 200, (answer) => showTable(answer.projectList));
  };
  send("GET", ofMe("/project"), null, 200, show, { silent: 404 });
}

function showProject() {
  $("project").textContent = project ? "Edit Project" : "New Project";
  $("title").textContent = project ? `${project.team}'s Project` : "New Project";
  $("partners").hidden = project !== null;
  $("projectDesc").value = project ? project.description : "";
  $("delete").hidden = project === null;
  send("GET", "/api/labs/", null, 200, (answer) => {
    const own = project ? [{ lab_id: project.lab_id, lab: project.lab }] : [];
    $("labs").replaceChildren(...[...own, ...answer.available_labs].map((lab) => new Option(lab.lab, lab.lab_id)));
  });
}

function showTable(projects) {
  const rows = projects.map((one, number) => {
    const row = document.createElement("tr");
    row.className = project && one.pid === project.pid ? "own" : "";
    for (const text of [number + 1, one.team, one.description, one.lab]) {
      row.insertCell().textContent = text;
    }
    return row;
  });
  $("projectTable").tBodies[0].replaceChildren(...rows);
}

function submitProject() {
  const wish = { description: $("projectDesc").value, lab_id: $("labs").value };
  if (project !== null) {
    send("PUT", ofMe("/project"), { ...project, ...wish }, 200, getProject);
    return;
  }
  for (const number of [1, 2, 3]) {
    wish[`partnerNumber${number}`] = $(`partnerNum${number}`).value;
  }
  send("POST", ofMe("/project"), wish, 201, getProject);
}

function deleteProject() {
  send("DELETE", ofMe("/project"), null, 204, getProject);
}
