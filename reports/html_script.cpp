#include "reports/html_style.h"

namespace claims::report::html {

// The address holds language and place, "#en/latency", so that both survive a reload and a copy.
const std::string_view kScript = R"js(
(function () {
  'use strict';
  var root = document.documentElement;
  function asked() { return /^#(ko|en)(?:\/([a-z-]+))?$/.exec(location.hash) || []; }
  function preferred() {
    var languages = navigator.languages || [navigator.language || 'ko'];
    for (var i = 0; i < languages.length; i += 1) {
      if (/^ko\b/i.test(languages[i])) { return 'ko'; }
      if (/^en\b/i.test(languages[i])) { return 'en'; }
    }
    return 'en';
  }
  function show(language) {
    root.lang = language;
    var title = document.querySelector('title');
    document.title = title.getAttribute('data-' + language);
    document.querySelectorAll('[data-language]').forEach(function (button) {
      button.setAttribute('aria-pressed', String(button.getAttribute('data-language') === language));
    });
  }
  function follow() {
    var wanted = asked();
    show(wanted[1] || root.lang || preferred());
    var place = wanted[2] && document.getElementById(wanted[2]);
    if (place) { place.scrollIntoView(); }
  }
  root.lang = asked()[1] || preferred();
  root.classList.add('scripted');
  document.addEventListener('DOMContentLoaded', function () {
    document.querySelectorAll('[data-language]').forEach(function (button) {
      button.addEventListener('click', function () {
        var language = button.getAttribute('data-language');
        var place = asked()[2];
        show(language);
        location.replace('#' + language + (place ? '/' + place : ''));
      });
    });
    document.querySelectorAll('nav a').forEach(function (link) {
      link.addEventListener('click', function (event) {
        event.preventDefault();
        location.hash = '#' + root.lang + '/' + link.getAttribute('href').slice(1);
      });
    });
    document.getElementById('print').addEventListener('click', function () { window.print(); });
    window.addEventListener('hashchange', follow);
    follow();
  });
}());
)js";

}  // namespace claims::report::html
