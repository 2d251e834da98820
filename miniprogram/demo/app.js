/** The demo host: tells the plugin where to ask, and how to get a query token from the host's own server. */

const lookmark = requirePlugin("lookmark");

const HOST = "https://ar.example.com"; // your deployment
const TOKEN_URL = "https://www.example.com/lookmark-token"; // your own server, which calls IssueToken

function getToken() {
  return new Promise((resolve, reject) => {
    wx.request({ url: TOKEN_URL, method: "POST", success: ({ data }) => resolve(data.token), fail: reject });
  });
}

App({
  onLaunch() {
    lookmark.setDefaults({ endpoint: HOST, channel: "demo", getToken });
  },
});
