/*
 * The labs' serverstub, talking to a live Twidder: the same nine functions, the same answers, no localStorage.
 * Put it in the place of the lab's own serverstub.js; nothing else in a lab 1 client has to change.
 *
 * It speaks to the page's own origin. For a Twidder elsewhere:
 *   <script src="serverstub.js" data-twidder="//localhost:5000"></script>, or serverstub.url = "//localhost:5000".
 *
 * As with the stub, a function has its answer when it returns; the page stands still until then. Lab 3 is the cure.
 */
var serverstub = (function () {
  "use strict";

  const fields = ["email", "password", "firstname", "familyname", "gender", "city", "country"];
  const script = document.currentScript;

  function call(method, path, headers, body) {
    try {
      const request = new XMLHttpRequest();
      request.open(method, stub.url.replace(/\/+$/, "") + path, false);
      for (const name in headers) {
        request.setRequestHeader(name, headers[name]);
      }
      request.setRequestHeader("Content-Type", "application/json;charset=utf-8");
      request.send(body ? JSON.stringify(body) : null);
      return JSON.parse(request.responseText);
    } catch (error) {
      return { success: false, message: "The server cannot be reached." };
    }
  }

  // What no header can hold was never a token.
  function as(token) {
    return { Authorization: /^[\x21-\x7e]+$/.test(token) ? token : "none" };
  }

  function segment(email) {
    try {
      const text = encodeURIComponent(email);
      return "/" + (/^\.+$/.test(text) ? "none" : text); // dots would lead to another address
    } catch (error) {
      return "/none"; // half a character: nobody's e-mail
    }
  }

  const stub = {
    url: (script && script.dataset.twidder) || "",

    signIn: function (email, password) {
      return call("POST", "/sign_in", {}, { username: email, password: password });
    },

    signUp: function (dataObject) {
      const body = {};
      for (const field of fields) {
        body[field] = dataObject ? dataObject[field] : null;
      }
      return call("POST", "/sign_up", {}, body);
    },

    signOut: function (token) {
      return call("DELETE", "/sign_out", as(token));
    },

    changePassword: function (token, oldPassword, newPassword) {
      return call("PUT", "/change_password", as(token), { oldpassword: oldPassword, newpassword: newPassword });
    },

    getUserDataByToken: function (token) {
      return call("GET", "/get_user_data_by_token", as(token));
    },

    getUserDataByEmail: function (token, email) {
      return call("GET", "/get_user_data_by_email" + segment(email), as(token));
    },

    getUserMessagesByToken: function (token) {
      return call("GET", "/get_user_messages_by_token", as(token));
    },

    getUserMessagesByEmail: function (token, email) {
      return call("GET", "/get_user_messages_by_email" + segment(email), as(token));
    },

    // Without toEmail, on one's own wall.
    postMessage: function (token, content, toEmail) {
      if (toEmail === null || toEmail === undefined) {
        const me = stub.getUserDataByToken(token);
        if (!me.success) {
          return me;
        }
        toEmail = me.data.email;
      }
      return call("POST", "/post_message", as(token), { email: toEmail, message: content });
    },
  };

  return stub;
})();
