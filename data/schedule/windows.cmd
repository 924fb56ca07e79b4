rem The same for the Task Scheduler of Windows; run once in a command prompt of the person who sends.
schtasks /Create /TN "duesdesk daily" /SC DAILY /ST 06:00 /TR "cmd /c duesdesk bill && duesdesk run"
schtasks /Create /TN "duesdesk send" /SC MINUTE /MO 15 /TR "duesdesk send"
