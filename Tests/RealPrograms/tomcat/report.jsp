<%@ page contentType="text/html;charset=UTF-8" %>
<% Object nothing = null; %>
<p>日报: <%= nothing.toString() %></p>
